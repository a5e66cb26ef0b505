import querystring from "node:querystring";
import { setTimeout as delay } from "node:timers/promises";
import { isAddressEqual } from "viem";
import type { Transfer } from "#sandbox";
import { describeJson, field, isJsonObject, type JsonObject } from "../../oracles/wire/index.ts";
import { Finding, NotApplicable, Unproven } from "../finding.ts";
import { isChargedNothing } from "./charge.ts";
import { type Goods, neverTheSame, type Whereabouts, whereaboutsOf } from "./goods.ts";
import type { Check, Observed } from "./observed.ts";
import { requireNoLimit } from "./rate-limit.ts";
import type { Sale } from "./sale.ts";

/** How long a settlement that must come may take to show on chain, in milliseconds. */
const settlementPatience = 5_000;

/** The request was served: 2xx. */
export const served: Check = (observed) => {
  const { answer } = observed;
  if (answer.status >= 200 && answer.status < 300) return;
  requireNoLimit(answer);
  throw new Finding("The paid request was not served.", "2xx", statusAndReason(observed));
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
  throw new Finding("The request was not refused as the client's mistake.", "4xx", `status ${answer.status}`);
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
    throw new Finding(`The status is not ${expected}.`, `status ${expected}`, `status ${answer.status}`);
  };
}

/** No part of the answer gives away what is sold. Says nothing where nobody could tell. */
export const withheld: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  const { status: code } = observed.answer;
  const whereabouts = await lookFor(goods, observed);
  if (whereabouts === "unclear" && code < 300) throw new NotApplicable(neverTheSame);
};

/** No part of the answer gives away what is sold, which one must be able to tell. */
export const provenWithheld: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  await provenToWithhold(goods)(observed);
};

/** No part of the answer gives away these goods, which one must be able to tell. */
export function provenToWithhold(goods: Goods): Check {
  return async (observed) => {
    if ((await lookFor(goods, observed)) === "unclear") throw new NotApplicable(neverTheSame);
  };
}

/** The challenge itself, body and headers, holds no paid content. */
export const challengeWithholds: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  const { request } = observed;
  // What the buyer said itself is no secret.
  const said = [request.target, querystring.unescape(request.target), request.body ?? ""];
  await provenToWithhold({ ...goods, open: said })(observed);
};

/** @throws Finding when the goods are given away */
async function lookFor(goods: Goods, observed: Observed): Promise<Whereabouts> {
  const whereabouts = await whereaboutsOf(goods, observed);
  if (whereabouts !== "given-away") return whereabouts;
  const { status: code, body } = observed.answer;
  throw new Finding(
    "The answer gives away the paid content.",
    "no paid content",
    `status ${code}, body ${JSON.stringify(body.slice(0, 200))}`,
  );
}

async function soldIn({ sale }: Observed): Promise<Extract<Sale, { kind: "sold" }>> {
  const sold = await sale();
  if (sold.kind === "sold") return sold;
  throw new Unproven(`The subject sold nothing. ${sold.why}`);
}

/** The paid handler did not run. Says nothing about a subject that does not report its work. */
export const noWork: Check = async ({ sale, workRuns }) => {
  const sold = await sale();
  if (sold.kind === "not-sold" || !sold.goods.reportsWork) return;
  const runs = await workRuns();
  if (runs > 0)
    throw new Finding(
      "The paid work was done for a request that was refused.",
      "no run of the handler",
      `${runs}`,
    );
};

/** The paid handler did not run, which a subject must have shown that it would tell. */
export const provenNoWork: Check = async (observed) => {
  const sold = await observed.sale();
  if (sold.kind === "sold" && !sold.goods.reportsWork)
    throw new NotApplicable(
      "The seller does not report its work (POST /work at the sandbox's admin URL), and its answers cannot show it.",
    );
  await noWork(observed);
};

/** Refused, nothing delivered, no money moved: what every bad payment must come to. */
export const turnedAway: Check = async (observed) => {
  await refused(observed);
  await withheld(observed);
  await settled(0)(observed);
};

/**
 * Exactly `count` transfers of the payer since the request, or up to `most`; each pays the price to payTo. Waits for
 * those that must come.
 */
export function settled(count: number, most = count): Check {
  return async (observed) => {
    const transfers = await transfersOnceThereAre(observed, count);
    if (transfers.length < count || transfers.length > most)
      throw new Finding(moneyMessage(transfers.length, count), money(count), money(transfers.length));
    for (const transfer of transfers) paysThePrice(transfer, observed);
  };
}

/** Charged once if it was delivered, and not at all if it was not. */
export const chargedAsDelivered: Check = (observed) => {
  const { status: code } = observed.answer;
  return settled(code >= 200 && code < 300 ? 1 : 0)(observed);
};

/** The transfer is on chain when the answer arrives, not some time later. */
export const settledBeforeAnswer: Check = async (observed) => {
  const transfers = await observed.transfers();
  if (transfers.length > 0) return;
  throw new Finding(
    "The content was delivered before the payment was settled.",
    "a transfer on chain when the answer arrives",
    "none yet",
  );
};

/** The transfer is on chain when the first byte of the answer's body arrives. */
export const settledBeforeFirstByte: Check = async ({ firstByteAt, transfers }) => {
  if (firstByteAt === undefined) throw new Unproven("The answer has no body, so no byte of it can be early.");
  if ((await transfers()).some(({ block }) => block <= firstByteAt)) return;
  throw new Finding(
    "The first byte was sent before the payment was settled.",
    "a transfer on chain when the first byte arrives",
    "none yet",
  );
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

/** What was charged has moved: the price, once, or what the receipt says of `upto`, which may be nothing. */
export const charged: Check = (observed) => {
  return settled(isChargedNothing(observed.payment, observed.answer) ? 0 : 1)(observed);
};

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

async function transfersOnceThereAre(observed: Observed, count: number): Promise<readonly Transfer[]> {
  const deadline = Date.now() + settlementPatience;
  let transfers = await observed.transfers();
  while (transfers.length < count && Date.now() < deadline) {
    await delay(25);
    transfers = await observed.transfers();
  }
  return transfers;
}

function paysThePrice(transfer: Transfer, { payment }: Observed): void {
  if (payment === undefined) return;
  const isBound = payment.method === "upto";
  const isRight = isBound ? transfer.value <= payment.amount : transfer.value === payment.amount;
  if (isRight && isAddressEqual(transfer.to, payment.payTo)) return;
  throw new Finding(
    "The payer was charged otherwise than the challenge said.",
    `${isBound ? "at most " : ""}${payment.amount} to ${payment.payTo}`,
    `${transfer.value} to ${transfer.to} in ${transfer.transaction}`,
  );
}

function moneyMessage(found: number, expected: number): string {
  if (expected === 0) return "Money moved although the request was refused.";
  if (found === 0) return "No money moved although the request was served.";
  if (expected === 1) return "The payer was charged more than once.";
  return found < expected ? "Less was settled than was delivered." : "More was settled than was delivered.";
}

function money(count: number): string {
  return count === 1 ? "1 transfer on chain" : `${count} transfers on chain`;
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
