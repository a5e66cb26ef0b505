import type { ExchangeRecord } from "../evidence.ts";
import type { Trader } from "./trader.ts";

/** By which a proxy says that the server behind it is not there, or not in time (RFC 9110 §15.6.3 to §15.6.5). */
const statusesOfProxies: readonly number[] = [502, 503, 504];

/** Whether an exchange was answered as a proxy answers that has nobody behind it. */
export function isAnsweredByProxy({ answer }: ExchangeRecord): boolean {
  return answer.kind === "answer" && statusesOfProxies.includes(answer.status);
}

/**
 * Why a finding may be about a proxy before the seller, which lets nobody through: what was sent last, and now a plain
 * request, too, is answered as by a proxy with nobody behind it. `undefined` where it is not, or a fault made it so.
 */
export async function doubtOfOutage(trader: Trader): Promise<string | undefined> {
  const { exchanges = [], faults } = await trader.evidence();
  const last = exchanges.at(-1);
  if (last === undefined || faults !== undefined || !isAnsweredByProxy(last)) return undefined;
  await trader.provoke(trader.paid, {});
  const plain = (await trader.evidence()).exchanges?.at(-1);
  if (plain === undefined || !isAnsweredByProxy(plain) || plain.answer.kind !== "answer") return undefined;
  return `A plain request is answered with ${plain.answer.status}, too: at that time nobody gets through to the seller.`;
}
