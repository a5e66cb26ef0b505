import type { Address } from "viem";
import type { ProtocolId } from "../../requirements/index.ts";
import { type Dialect, dialects } from "../dialect.ts";
import type { Evidence, PayerAccount } from "../evidence.ts";
import type { Exchange } from "../exchange.ts";
import { Finding, NotApplicable, Unproven } from "../finding.ts";
import type { RunContext } from "./context.ts";
import { servedAndCharged } from "./expectations.ts";
import type { Goods } from "./goods.ts";
import { whyNotTaken } from "./not-taken.ts";
import type { Observed } from "./observed.ts";
import type { ApiRequest } from "./request.ts";
import type { PaymentMethod, PermitMethod } from "./terms.ts";
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

/**
 * Buys once, honestly, by EIP-3009, or where the seller sells by permits alone, by one. Every other verdict leans on this:
 * a subject that sells nothing passes nothing.
 */
export async function firstSale(context: RunContext, dialect: Dialect): Promise<Sale> {
  const { protocol } = dialect;
  const { paid } = context.subject.requests;
  const method = protocol === "x402@2" ? firstChoice(await context.methodsOf(paid)) : "eip3009";
  return sell(context, dialect, {
    label: saleLabel(protocol),
    again: `second sale in ${protocol}`,
    request: paid,
    buy: (trader) => (method === "eip3009" ? trader.buy() : trader.buyByPermit(method, {}, paid)),
  });
}

/** How the suite pays a request first: as most buyers would, where that is offered, or nothing that is known. */
function firstChoice(offered: readonly PaymentMethod[]): PaymentMethod {
  return (["eip3009", "permit2", "upto"] as const).find((method) => offered.includes(method)) ?? "eip3009";
}

/** The same by Permit2 or `upto`. The verdicts on either lean on it. */
export async function firstPermitSale(context: RunContext, method: PermitMethod): Promise<Sale> {
  const [request = context.subject.requests.paid] = await context.permitRequests(method);
  return sell(context, dialects["x402@2"], {
    label: `first sale by ${method}`,
    again: `second sale by ${method}`,
    request,
    buy: (trader) => trader.buyByPermit(method, {}, request),
  });
}

/** How the first sale of a kind is made, and one after it. */
interface Purchase {
  /** Whose sale it is; likewise the sale after it. */
  readonly label: string;
  readonly again: string;
  readonly request: ApiRequest;
  readonly buy: (trader: Trader) => Exchange<Observed>;
}

async function sell(context: RunContext, dialect: Dialect, purchase: Purchase): Promise<Sale> {
  const trader = await Trader.open(context, purchase.label, dialect);
  const { method, target } = purchase.request;
  const seen: Observed[] = [];
  const notSold = async (why: string): Promise<Sale> => ({
    kind: "not-sold",
    why,
    evidence: await trader.evidence(),
  });
  try {
    const asked = await trader.ask(purchase.request).done();
    seen.push(asked);
    const bought = purchase.buy(trader).expect((observed) => void seen.push(observed), servedAndCharged);
    const { request, answer, workRuns, payment } = await bought.done();
    if (dialect.readChallenge(asked.answer).stage === "no-402") {
      return notSold(`${method} ${target} was answered with ${asked.answer.status} without a payment.`);
    }
    return {
      kind: "sold",
      goods: {
        request,
        answer,
        open: [asked.answer.body],
        again: bodyOfAnotherSale(context, dialect, purchase),
        reportsWork: (await workRuns()) > 0,
      },
      usesOwnFacilitator: (await trader.facilitatorSaw()).length > 0,
      flow: payment?.flow ?? "authorization",
      account: await trader.account(),
    };
  } catch (error) {
    if (error instanceof Finding) {
      const hint = await whyNotTaken(trader, purchase.request, seen);
      return notSold(`${error.message} Expected ${error.expected}, got ${error.actual}.${hint}`);
    }
    if (error instanceof Unproven || error instanceof NotApplicable) return notSold(error.message);
    throw error;
  }
}

/** What another buyer gets for the same request. Never rejects: whether it is served as it should be, the cases judge. */
async function bodyOfAnotherSale(
  context: RunContext,
  dialect: Dialect,
  { again, buy }: Purchase,
): Promise<string | undefined> {
  try {
    const trader = await Trader.open(context, again, dialect);
    const { answer } = await buy(trader).done();
    return answer.status < 300 ? answer.body : undefined;
  } catch {
    return undefined;
  }
}
