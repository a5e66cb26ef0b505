import { Difference, Finding, NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  charged,
  defineCase,
  expectField,
  type GroupCheck,
  type PermitMethod,
  provenWithheld,
  receipt,
  refused,
  served,
  settled,
  settledBeforeAnswer,
  soundlyAsked,
  status,
  type Trader,
  toldCharge,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { permitFlawCases } from "./permit-flaws.ts";
import { aPermitSale, soldByPermit } from "./permit-sale.ts";

/** Code of a payment that only lacks an allowance. */
const allowanceRequired = "PERMIT2_ALLOWANCE_REQUIRED";

/** What holds of every sale by Permit2, `exact` or `upto`: it costs what was signed for, once, and buys once. */
export function permitCases(method: PermitMethod): readonly Case[] {
  const lead = method === "upto" ? "upto" : "Permit2";
  return [
    defineCase({
      id: `seller.${method}.sold`,
      requirement: "S-ORD-08",
      title: `${lead}: A request with a valid payment is served, and what is charged moves once`,
      needs: [method],
      probe: (t) => t.buyByPermit(method).expect(soundlyAsked, served, charged),
    }),
    defineCase({
      id: `seller.${method}.settled-before-delivery`,
      requirement: "S-ORD-02",
      title: `${lead}: The transfer is on chain before the content is delivered`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        // Long enough for a seller that does not wait to be ahead of it.
        await t.facilitatorWill("settle-slow");
        await t.buyByPermit(method).expect(served, settledInTime).done();
      },
    }),
    defineCase({
      id: `seller.${method}.failed-settlement`,
      requirement: "S-ORD-05",
      title: `${lead}: A settlement that fails is a 402 with a receipt that says so, and without the content`,
      needs: [method, "own-facilitator"],
      control: soldByPermit(method),
      probe: async (t) => {
        const saysFailure = receipt((r) => expectField(r, "success", "false", (value) => value === false));
        await t.underFault(
          "settle-refuses",
          t.buyByPermit(method).expect(provenWithheld, settled(0), status(402), saysFailure),
        );
      },
    }),
    defineCase({
      id: `seller.${method}.failed-handler`,
      requirement: "S-ORD-10",
      title: `${lead}: A handler that fails is not charged for`,
      needs: [method, "failing", "authorization-flow"],
      control: soldByPermit(method),
      probe: async (t) => {
        for (const request of await t.failing(method)) {
          await t
            .buyByPermit(method, {}, request)
            .expect(trying(`${request.method} ${request.target}`, refused, settled(0)))
            .done();
        }
      },
    }),
    defineCase({
      id: `seller.${method}.same-permit-twice`,
      requirement: "S-RPL-01",
      title: `${lead}: A settled permit buys nothing the second time`,
      needs: [method],
      control: aPermitSale(method),
      probe: async (t) =>
        t
          .resend(withoutName(t.lastPermit), await t.permitRequest(method))
          .expect(turnedAway)
          .done(),
    }),
    defineCase({
      id: `seller.${method}.permit-elsewhere`,
      requirement: "S-RPL-01",
      title: `${lead}: A settled permit buys nothing with another query, and on no other route`,
      needs: [method],
      control: aPermitSale(method),
      probe: async (t) => {
        for (const request of await elsewhere(t, method)) {
          await t
            .resend(withoutName(t.lastPermit), request)
            .expect(trying(`${request.method} ${request.target}`, turnedAway))
            .done();
        }
      },
    }),
    defineCase({
      id: `seller.${method}.eight-at-once`,
      requirement: "S-RPL-02",
      title: `${lead}: One permit sent eight times at once is delivered and settled once`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        const request = await t.permitRequest(method);
        const payment = withoutName(await t.preparePermit(method));
        // Keeps the settlement open for a while, so that all of them meet in it.
        await t.facilitatorWill("settle-slow", 8);
        await t
          .everywhere(
            payment,
            Array.from({ length: 8 }, () => request),
          )
          .expect(deliveredAtMostOnce, chargedForTheOne)
          .done();
      },
    }),
    defineCase({
      id: `seller.${method}.without-allowance`,
      requirement: "S-PAY-22",
      title: `${lead}: A payer that has given Permit2 no allowance is told to: 412, ${allowanceRequired}`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        await t.allowPermit2(0n);
        await t.buyByPermit(method).expect(turnedAway, asksForAllowance).done();
      },
    }),
    ...permitFlawCases(method),
  ];
}

/** Sales of `exact` by Permit2. */
export const permit2Cases: readonly Case[] = permitCases("permit2");

/** Where a permit that was used must be worth nothing: its own route with another query, and the other paid one. */
async function elsewhere(t: Trader, method: PermitMethod): Promise<readonly ApiRequest[]> {
  const own = await t.permitRequest(method);
  const changed = { ...own, target: `${own.target}1` };
  const isSold = /\?.*=/.test(own.target) && (await t.context.methodsOf(changed)).includes(method);
  const isOther = own.target !== t.paid.target || own.method !== t.paid.method;
  const requests = [...(isSold ? [changed] : []), ...(isOther ? [t.paid] : [])];
  if (requests.length > 0) return requests;
  throw new NotApplicable("The seller sells nothing else, and has no query to change.");
}

/** Charged for what was delivered, and not at all where nothing was. */
const chargedForTheOne: GroupCheck = async (all) => {
  const [first] = all;
  const sold = all.find(({ answer }) => answer.status < 300);
  if (first !== undefined) await (sold === undefined ? settled(0)(first) : charged(sold));
};

/** Where nothing is charged, nothing can be settled too late. */
const settledInTime: Check = (observed) => {
  if (toldCharge(observed.payment, observed.answer) === "0")
    throw new NotApplicable("Nothing is charged for the request; name one that costs something first.");
  return settledBeforeAnswer(observed);
};

/** The status and the code that tell a buyer to give an allowance first; others cost nobody money. */
const asksForAllowance: Check = ({ answer }) => {
  const { status: code, headers, body } = answer;
  const challenge = Buffer.from(headers["payment-required"] ?? "", "base64").toString();
  const says = [body, challenge].join("\n");
  if (code === 412 && says.includes(allowanceRequired)) return;
  const told = says.toUpperCase().includes(allowanceRequired);
  const letters = says.includes(allowanceRequired) ? "the code" : "the code in other letters";
  const actual = `status ${code}, ${told ? letters : "no such code"}`;
  const message = "The buyer is not told to give Permit2 an allowance.";
  const expected = `status 412 with ${allowanceRequired}`;
  throw told || code === 412
    ? new Difference(message, expected, actual)
    : new Finding(message, expected, actual);
};
