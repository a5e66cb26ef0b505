import { expect, test } from "vitest";
import { words } from "./words.ts";

const said = (text: string) => words({ outcome: { kind: "over", summary: "exit code 1", said: text } });

test("of a program of Node that died, the message is told and not its source", () => {
  const trace = `file:///srv/buyer.mjs:12
  if (!entry) throw new TypeError("no option that I can use");
                    ^

TypeError: no option that I can use
    at file:///srv/buyer.mjs:12:21
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)

Node.js v24.11.0`;
  expect(said(trace)).toBe("exit code 1: TypeError: no option that I can use");
});

test("of one of Python, too", () => {
  const trace = `Traceback (most recent call last):
  File "/srv/buyer.py", line 3, in <module>
    raise ValueError("too dear")
ValueError: too dear`;
  expect(said(trace)).toBe("exit code 1: ValueError: too dear");
});

test("of one of Python, an error of its own is told, too, the last one where there are several", () => {
  const trace = `Traceback (most recent call last):
  File "/srv/buyer.py", line 3, in <module>
TimeoutError: timed out

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/buyer.py", line 9, in <module>
    raise Refused("too dear")
x402pay.Refused: too dear
bye`;
  expect(said(trace)).toBe("exit code 1: x402pay.Refused: too dear");
});

test("what is no trace is told as it is, in one line, and not without end", () => {
  expect(said("Error: too dear\nIt costs a million.")).toBe(
    "exit code 1: Error: too dear It costs a million.",
  );
  expect(said("x".repeat(1_000))).toHaveLength("exit code 1: ".length + 200);
  expect(said(" ")).toBe("exit code 1");
});
