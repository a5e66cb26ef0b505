import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "./ports.ts";
import { startProgram } from "./program.ts";

/** Tells its process id; at /asked only when somebody else has asked for that; ends at /end. */
const server = `
  import { createServer } from "node:http";
  let asked;
  const wasAsked = new Promise((resolve) => { asked = resolve; });
  createServer(async (request, response) => {
    if (request.url === "/end") process.exit(3);
    if (request.url === "/asked") await wasAsked;
    else asked();
    response.end(String(process.pid));
  }).listen(process.env.PORT, "127.0.0.1");`;

/** Ends when somebody has asked the server. */
const starter = `
  const ask = () => fetch("http://127.0.0.1:" + process.env.PORT + "/asked").catch(ask);
  await ask();`;

/** Leaves the server behind in a process group of its own. */
const daemon = `
  import { spawn } from "node:child_process";
  spawn(process.execPath, ["server.mjs"], { detached: true, stdio: "ignore" }).unref();`;

/** Starts a command in a folder that has both programs. */
async function started(command: string) {
  const folder = await mkdtemp(join(tmpdir(), "program-"));
  await writeFile(join(folder, "server.mjs"), server);
  await writeFile(join(folder, "starter.mjs"), starter);
  await writeFile(join(folder, "daemon.mjs"), daemon);
  const port = await freePort();
  const readyUrl = `http://127.0.0.1:${port}/`;
  const program = await startProgram({
    command: `cd "${folder}"; ${command.replaceAll("node", `"${process.execPath}"`)}`,
    readyUrl,
    env: { PORT: String(port) },
  });
  onTestFinished(async () => {
    await program.stop();
    await rm(folder, { recursive: true });
  });
  const endings = async () => {
    const response = await fetch(`${program.endingsUrl}?since=0&patienceMs=1000`);
    return response.json();
  };
  return { program, endings, ask: async (path = "") => (await fetch(readyUrl + path)).text() };
}

test("a program that ends is started again, and how it ended is known", async () => {
  const { program, endings, ask } = await started("exec node server.mjs");
  const first = await ask();
  await expect(ask("end")).rejects.toThrow();
  expect(await endings()).toEqual([{ at: expect.any(Number), how: "exit code 3" }]);
  expect(await ask()).not.toBe(first);
  expect(program.accidents()).toEqual([expect.stringContaining("(exit code 3), and was started again.")]);
});

test("a command that ends and leaves its server behind has not ended", async () => {
  const { program, endings, ask } = await started("node server.mjs & node starter.mjs");
  const first = await ask();
  expect(await endings()).toEqual([]);
  expect(await ask()).toBe(first);
  expect(program.accidents()).toEqual([]);
});

test("a server that its command leaves behind out of reach is told of, and not started again", async () => {
  const { program, endings, ask } = await started("node daemon.mjs && node starter.mjs");
  const first = await ask();
  onTestFinished(() => void process.kill(Number(first)));
  expect(await endings()).toEqual([]);
  const restart = await fetch(program.restartUrl, { method: "POST" });
  expect(restart.status).toBe(409);
  expect(await restart.text()).toMatch(/left its server behind.*in the foreground/);
  expect(await ask()).toBe(first);
  expect(program.accidents()).toEqual([expect.stringContaining("nginx -g 'daemon off;'")]);
});
