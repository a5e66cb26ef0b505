import { describeJson, field, isJsonObject, type JsonObject } from "../../oracles/wire/index.ts";
import { Finding, Unproven, Unserved } from "../finding.ts";
import { hintOfLargeHeaders } from "./large-headers.ts";
import type { Check, Observed } from "./observed.ts";
import { requireNoLimit } from "./rate-limit.ts";
import { charged, settled } from "./settled.ts";
import { withheld } from "./withheld.ts";

/** The request was served: 2xx. */
export const served: Check = async (observed) => {
  const { answer } = observed;
  if (answer.status >= 200 && answer.status < 300) return;
  requireNoLimit(answer);
  const isCharged = (await observed.transfers()).length > 0;
  throw new Unserved(
    `The paid request${nameOf(observed)} was ${isCharged ? "charged, and " : ""}not served.${hintOfLargeHeaders(answer)}`,
    "2xx",
    statusAndReason(observed),
  );
};

/** The challenge that was paid gave all that a payment needs; else no seller has to take it. */
export const soundlyAsked: Check = ({ payment }) => {
  if (payment?.soundlyAsked) return;
  throw new Unproven("The challenge lacks what a valid payment needs; the challenge cases say what.");
};

/** The answer is a refusal: 4xx or 5xx. Which of them, the protocol mostly leaves open. */
export const refused: Check = ({ answer }) => {
  if (answer.status >= 400) return;
  throw new Finding("The request was not refused.", "a refusal (4xx)", `status ${answer.status}`);
};

/** A refusal that the seller meant: 4xx, not a crash. */
export const refusedCleanly: Check = ({ answer }) => {
  if (answer.status >= 400 && answer.status < 500) return;
  const Kind = answer.status >= 500 ? Unserved : Finding;
  throw new Kind("The request was not refused as the client's mistake.", "4xx", `status ${answer.status}`);
};

/** The seller did not deliver and blamed no one else: 5xx, or a 402 that sends the buyer away. */
export const failedClosed: Check = ({ answer }) => {
  if (answer.status >= 500 || answer.status === 402) return;
  requireNoLimit(answer);
  throw new Finding("The seller did not fail closed.", "5xx (or 402)", `status ${answer.status}`);
};

/** The answer has exactly this status. */
export function status(expected: number): Check {
  return ({ answer }) => {
    if (answer.status === expected) return;
    requireNoLimit(answer);
    const Kind = answer.status >= 500 ? Unserved : Finding;
    throw new Kind(`The status is not ${expected}.`, `status ${expected}`, `status ${answer.status}`);
  };
}

/** Refused, nothing delivered, no money moved: what every bad payment must come to. */
export const turnedAway: Check = async (observed) => {
  await refused(observed);
  await withheld(observed);
  await settled(0)(observed);
};

/** A condition that another case judges: without it, nothing can be said here. */
export function provided(check: Check): Check {
  return async (observed) => {
    try {
      await check(observed);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      const { message, expected, actual } = error;
      throw new Unproven(`${message} Expected ${expected}, got ${actual}.`, { cause: error });
    }
  };
}

/** The request was served and paid for, once. */
export const servedAndCharged: Check = async (observed) => {
  await served(observed);
  await charged(observed);
};

/** A readable receipt, for `assertion` to look into. */
export function receipt(assertion: (receipt: JsonObject, observed: Observed) => void): Check {
  return (observed) => {
    const { answer, dialect } = observed;
    const reading = dialect.readReceipt(answer);
    if (reading.kind === "none")
      throw new Finding("There is no receipt.", `the header ${dialect.receiptHeader.toUpperCase()}`, "none");
    if (reading.kind === "malformed")
      throw new Finding("The receipt cannot be read.", "base64 of JSON", reading.problem);
    assertion(reading.receipt, observed);
  };
}

/** No receipt claims that the payment succeeded. */
export const noSuccess: Check = ({ answer, dialect }) => {
  const reading = dialect.readReceipt(answer);
  if (reading.kind !== "receipt" || field(reading.receipt, "success") !== true) return;
  throw new Finding("The receipt claims success.", "no receipt, or one with success:false", "success:true");
};

/** A readable challenge, for `assertion` to look into; without one nothing can be said. */
export function challenge(
  assertion: (challenge: JsonObject, observed: Observed) => void | Promise<void>,
): Check {
  return async (observed) => {
    const reading = observed.dialect.readChallenge(observed.answer);
    if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
    await assertion(reading.challenge, observed);
  };
}

/** A field has a value that `holds` accepts. */
export function expectField(
  owner: JsonObject,
  key: string,
  expected: string,
  holds: (value: unknown) => boolean,
): void {
  const value = field(owner, key);
  if (holds(value)) return;
  throw new Finding(
    `\`${key}\` is not as required.`,
    `${key}: ${expected}`,
    `${key}: ${describeJson(value)}`,
  );
}

/** What a request is called in a sentence where it is not the main one. */
function nameOf({ request: { method, target, body = "" }, isMain }: Observed): string {
  return isMain ? "" : ` ${method} ${target} ${body.slice(0, 60)}`.trimEnd();
}

function statusAndReason({ answer, dialect }: Observed): string {
  const reading = dialect.readChallenge(answer);
  const reason =
    reading.stage === "object" && isJsonObject(reading.challenge)
      ? field(reading.challenge, "error")
      : undefined;
  return typeof reason === "string"
    ? `status ${answer.status} (error: ${reason})`
    : `status ${answer.status}`;
}
