import type { Address } from "viem";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Dialect } from "../dialect.ts";
import type { Evidence, PayerAccount } from "../evidence.ts";
import { Finding, Unproven } from "../finding.ts";
import type { RunContext } from "./context.ts";
import { servedAndSettled } from "./expectations.ts";
import type { Goods } from "./goods.ts";
import { Trader } from "./trader.ts";

/** One honest purchase at the start of a run: whether the subject sells at all, and what it sells. */
export type Sale =
  | {
      readonly kind: "sold";
      /** What was paid for. */
      readonly goods: Goods;
      /** Whether the seller asks the run's own facilitator. */
      readonly usesOwnFacilitator: boolean;
      /** The payment flow that the paid entry states; `authorization` unless it says otherwise (x402 v2 §6.1). */
      readonly flow: string;
      readonly account: PayerAccount;
    }
  | {
      readonly kind: "not-sold";
      readonly why: string;
      /** What was tried. */
      readonly evidence: Evidence;
    };

/** The payer of the first sale in a version. */
export function firstBuyer(context: RunContext, protocol: ProtocolId): Address {
  return context.payers.of(saleLabel(protocol)).address;
}

function saleLabel(protocol: ProtocolId): string {
  return `first sale in ${protocol}`;
}

/** Buys once, honestly. Every other verdict leans on this: a subject that sells nothing passes nothing. */
export async function firstSale(context: RunContext, dialect: Dialect): Promise<Sale> {
  const trader = await Trader.open(context, saleLabel(dialect.protocol), dialect);
  const notSold = async (why: string): Promise<Sale> => ({
    kind: "not-sold",
    why,
    evidence: await trader.evidence(),
  });
  try {
    const asked = await trader.ask().done();
    const { request, answer, workRuns, payment } = await trader.buy().expect(servedAndSettled).done();
    if (dialect.readChallenge(asked.answer).stage === "no-402") {
      return notSold(`The paid request was answered with ${asked.answer.status} without a payment.`);
    }
    return {
      kind: "sold",
      goods: {
        request,
        answer,
        open: [asked.answer.body],
        again: bodyOfAnotherSale(context, dialect),
        reportsWork: (await workRuns()) > 0,
      },
      usesOwnFacilitator: (await trader.facilitatorSaw()).length > 0,
      flow: payment?.flow ?? "authorization",
      account: await trader.account(),
    };
  } catch (error) {
    if (error instanceof Finding)
      return notSold(`${error.message} Expected ${error.expected}, got ${error.actual}.`);
    if (error instanceof Unproven) return notSold(error.message);
    throw error;
  }
}

/** What another buyer gets for the same request. Never rejects: whether it is served as it should be, the cases judge. */
async function bodyOfAnotherSale(context: RunContext, dialect: Dialect): Promise<string | undefined> {
  try {
    const trader = await Trader.open(context, `second sale in ${dialect.protocol}`, dialect);
    const { answer } = await trader.buy().done();
    return answer.status < 300 ? answer.body : undefined;
  } catch {
    return undefined;
  }
}
