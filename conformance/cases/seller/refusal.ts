import { describeJson, Finding, field, type Json } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  challenge,
  defineCase,
  provided,
  status,
  type Trader,
} from "../../engine/seller/index.ts";
import { askedTerms, requireSameTerms } from "./asked-terms.ts";
import { aSale } from "./sale.ts";

/** The reason that the suite lets the facilitator give. */
const reason = "insufficient_funds";

/** What the 402 for a payment that does not verify tells the buyer. */
export const refusalCases: readonly Case[] = [
  defineCase({
    id: "seller.refusal.says-why",
    requirement: "S-PAY-21",
    title:
      "The challenge for a payment that does not verify says more in `error` than that payment is required",
    control: aSale,
    probe: async (t) => {
      const asked = await errorOf(t);
      await t
        .buy({ signedByStranger: true })
        .expect(provided(status(402)), saysMoreThan(asked))
        .done();
    },
  }),
  defineCase({
    id: "seller.refusal.names-the-facilitators-reason",
    requirement: "S-CH-19",
    title: "`error` holds the reason that the facilitator gave",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const namesIt = error((text) => {
        if (typeof text === "string" && text.includes(reason)) return;
        throw new Finding(
          "The facilitator's reason is lost.",
          `error: ${reason}`,
          `error: ${describeJson(text)}`,
        );
      });
      await t.underFault("verify-refuses", t.buy().expect(provided(status(402)), namesIt), { reason });
    },
  }),
  defineCase({
    id: "seller.refusal.asks-for-the-same-terms",
    requirement: "S-PAY-21",
    title: "The challenge for a payment that does not verify asks for the same terms as before",
    control: aSale,
    probe: async (t) => {
      const before = askedTerms(await t.ask().done());
      const refusal = await t
        .buy({ signedByStranger: true })
        .expect(provided(status(402)))
        .done();
      requireSameTerms(t, "A refusal asks for other terms.", before, askedTerms(refusal));
    },
  }),
];

/** Gives a reason in the challenge or, where it was settlement that found out, in the receipt. */
function saysMoreThan(asked: unknown): Check {
  return async (observed) => {
    const { answer, dialect } = observed;
    const failure = dialect.readReceipt(answer);
    const reason = failure.kind === "receipt" ? field(failure.receipt, "errorReason") : undefined;
    if (typeof reason === "string" && reason !== "") return;
    await error((text) => {
      if (typeof text === "string" && text !== "" && text !== asked) return;
      throw new Finding(
        "The refusal does not say why.",
        "error: a reason",
        text === undefined ? "no `error`" : `error: ${describeJson(text)}`,
      );
    })(observed);
  };
}

function error(assertion: (error: Json | undefined) => void): Check {
  return challenge((c) => assertion(field(c, "error")));
}

/** What the seller says to somebody who has not paid at all. */
async function errorOf(t: Trader): Promise<unknown> {
  let found: unknown;
  await t
    .ask()
    .expect(
      error((text) => {
        found = text;
      }),
    )
    .done();
  return found;
}
