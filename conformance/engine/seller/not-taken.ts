import { describeJson, field, parseJson } from "../../oracles/wire/index.ts";
import { Finding, Unproven, Unserved } from "../finding.ts";
import { served } from "./expectations.ts";
import type { Check, Observed } from "./observed.ts";
import type { ApiRequest } from "./request.ts";
import type { Trader } from "./trader.ts";

/** The header of x402 v1 that a payment of v2 is looked for in by sellers that were moved to v2 in part. */
const headerOfV1 = "x-payment";

/**
 * What the author of a seller has to know whose first sale failed, in sentences with a space before each; empty where
 * nothing stands out.
 *
 * @param seen the unpaid exchange, and the paid one, as far as they came about
 */
export async function whyNotTaken(
  trader: Trader,
  request: ApiRequest,
  [asked, paid]: readonly Observed[],
): Promise<string> {
  const refusal = await refusalOfFacilitator(trader);
  if (refusal !== "" || asked === undefined || paid === undefined) return refusal;
  return (await isUnseen(trader, asked, paid)) ? overlooked(trader, request, paid) : "";
}

/**
 * The request was served; else, why the payment was probably not taken.
 *
 * @param asked the same request without a payment
 */
export function servedOrWhyNot(trader: Trader, asked: Observed): Check {
  return async (paid) => {
    try {
      await served(paid);
    } catch (error) {
      if (!(error instanceof Unserved)) throw error;
      const hint = await whyNotTaken(trader, trader.paid, [asked, paid]);
      throw new Unserved(`${error.message}${hint}`, error.expected, error.actual);
    }
  };
}

/** What the run's facilitator had against the payment: a seller need not pass it on. */
async function refusalOfFacilitator(trader: Trader): Promise<string> {
  const calls = await trader.facilitatorSaw();
  for (const { endpoint, response } of calls.toReversed()) {
    const answer = parseJson(JSON.stringify(response) ?? "null");
    if (field(answer, "isValid") !== false && field(answer, "success") !== false) continue;
    const [code, words] = ["Reason", "Message"].map(
      (what) => field(answer, `invalid${what}`) ?? field(answer, `error${what}`),
    );
    return ` The sandbox's facilitator refused the payment: /${endpoint} answered ${describeJson(code)}, ${describeJson(words)}.`;
  }
  return "";
}

/** Whether the payment was answered as if there were none, and nobody was asked about it. */
async function isUnseen(trader: Trader, asked: Observed, paid: Observed): Promise<boolean> {
  const [before, after] = [askedFor(asked), askedFor(paid)];
  return before !== undefined && before === after && (await trader.facilitatorSaw()).length === 0;
}

/** What a challenge asks for and why, as text to compare: other parts of it may be made for each request. */
function askedFor({ answer, dialect }: Observed): string | undefined {
  const reading = dialect.readChallenge(answer);
  if (reading.stage !== "object") return undefined;
  const parts = ["error", "accepts"].map((key) => field(reading.challenge, key) ?? null);
  return JSON.stringify(parts);
}

async function overlooked(trader: Trader, request: ApiRequest, paid: Observed): Promise<string> {
  const { protocol, paymentHeader } = paid.dialect;
  const unseen =
    ` The payment got the same challenge as the request without one: it seems not to have been seen. x402 ` +
    `v${protocol === "x402@1" ? 1 : 2} takes it from ${paymentHeader.toUpperCase()}`;
  const readsOther = paymentHeader !== headerOfV1 && (await isServedInV1(trader, request, paid));
  return readsOther
    ? `${unseen}, and the seller reads ${headerOfV1.toUpperCase()}, where it was served.`
    : `${unseen}. It was sent as ${paymentHeader}: names of headers have no letter case (RFC 9110 §5.1).`;
}

/** Whether the same payment is served in the header of x402 v1. */
async function isServedInV1(trader: Trader, request: ApiRequest, { payment }: Observed): Promise<boolean> {
  if (payment === undefined) return false;
  try {
    const { answer } = await trader.send({ [headerOfV1]: payment.header }, request).done();
    return answer.status >= 200 && answer.status < 300;
  } catch (error) {
    if (error instanceof Finding || error instanceof Unproven) return false;
    throw error;
  }
}
