import { type OptionalRequest, onWire, remedies, type SubjectSetup } from "../engine/seller/index.ts";
import { sendOverWire } from "../oracles/wire/index.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** What a request should come to when nobody pays. */
interface Expectation {
  readonly name: OptionalRequest | "failing" | "upto";
  readonly holds: (status: number) => boolean;
  readonly should: string;
}

const costsMoney = { holds: (status: number) => status === 402, should: "cost money, 402" };

const expectations: readonly Expectation[] = [
  {
    name: "invalid",
    holds: (status) => status >= 400 && status < 500 && status !== 402,
    should: "be refused as invalid before any payment, with a 4xx that is not 402",
  },
  { name: "free", holds: (status) => status >= 200 && status < 300, should: "be served without a payment" },
  { name: "failing", ...costsMoney },
  { name: "alsoPaid", ...costsMoney },
  { name: "identified", ...costsMoney },
  { name: "streaming", ...costsMoney },
  { name: "permit2", ...costsMoney },
  { name: "upto", ...costsMoney },
];

/** Asks for each of the other requests without paying, and names those that are not given. */
export async function* requestFindings(subject: SubjectSetup, timeoutMs: number): AsyncGenerator<Finding> {
  for (const { name, holds, should } of expectations) {
    for (const request of [subject.requests[name] ?? []].flat()) {
      const answer = await sendOverWire(onWire(subject, request), { timeoutMs });
      const said = answer.kind === "answer" ? `answers ${answer.status}` : `gets no answer: ${answer.why}`;
      const line = `${request.method} ${request.target} ${said}`;
      yield answer.kind === "answer" && holds(answer.status)
        ? ok(name, `${line}.`)
        : warning(
            name,
            `${line}. It should ${should}.`,
            `If that is the seller's fault, a run says so; if the request is not what ${name} means, correct it.`,
          );
    }
  }
  const missing = expectations.filter(({ name }) => subject.requests[name] === undefined);
  if (missing.length === 0) return;
  yield warning(
    "requests",
    `Not given, so that some cases do not apply: ${missing.map(({ name }) => name).join(", ")}.`,
    `${missing.map(({ name }) => remedies[name]).join(";\n")}.`,
  );
}
