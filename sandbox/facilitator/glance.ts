import { authorizationHash, authorizationTypedData } from "../protocol/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import type { ChainFacts } from "./chain-facts.ts";
import { isRevert } from "./contract-errors.ts";
import { authorizedCall } from "./eip3009.ts";
import { gather } from "./gather.ts";
import type { AuthorizedPayment, Payment } from "./payment.ts";
import { inKeyForm } from "./signature.ts";
import { examineTransfers, largestBatch } from "./transfer-batch.ts";

/**
 * A quick look at the chain: what it says of a payment that its payer's key signed, and whose transfer the token
 * would make now. `undefined` for any other, and when in doubt: then each question has to be asked by itself.
 */
export type Glance = (payment: Payment) => Promise<ChainFacts | undefined>;

/** Longest that payments wait for a look that is under way, in milliseconds. */
const patienceMs = 10;

/** For chains without the contract that looks. */
export const noGlance: Glance = async () => undefined;

/** Looks at all payments of the moment in one call to TransferBatch. */
export function openGlance(chain: ChainClient): Glance {
  const look = gather((payments: readonly AuthorizedPayment[]) => lookAt(payments, chain), {
    largest: largestBatch,
    patienceMs,
  });
  return async (payment) => {
    const isUsual = payment.method === "eip3009" && typeof inKeyForm(payment.signature) !== "string";
    return isUsual ? look(payment) : undefined;
  };
}

async function lookAt(
  payments: readonly AuthorizedPayment[],
  chain: ChainClient,
): Promise<ReadonlyMap<AuthorizedPayment, ChainFacts>> {
  const byToken = Map.groupBy(payments, ({ asset }) => asset);
  // Where several are looked at, what goes wrong may be one's fault: they are in doubt, each for itself.
  const inDoubt = (error: unknown): [] => {
    if (payments.length === 1 && !isRevert(error)) throw error;
    return [];
  };
  const looks = [...byToken.values()].map((ofOne) => lookAtToken(ofOne, chain).catch(inDoubt));
  return new Map((await Promise.all(looks)).flat());
}

async function lookAtToken(
  payments: readonly AuthorizedPayment[],
  chain: ChainClient,
): Promise<readonly (readonly [AuthorizedPayment, ChainFacts])[]> {
  const { time, findings } = await examineTransfers(chain, payments.map(inquiry));
  return payments.flatMap((payment, place) => {
    const finding = findings[place];
    if (!finding?.accepted || finding.signer !== payment.authorization.from) return [];
    const { balance, nonceUsed } = finding;
    return [[payment, { time, signature: { valid: true }, token: { balance, nonceUsed } }] as const];
  });
}

function inquiry(payment: AuthorizedPayment) {
  const { asset, domain, wire } = payment;
  const hash = authorizationHash(authorizationTypedData(domain, wire));
  return { token: asset, hash, transfer: authorizedCall(payment).data };
}
