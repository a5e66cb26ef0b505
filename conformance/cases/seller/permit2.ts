import { Difference, Finding, NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  charged,
  defineCase,
  type PermitMethod,
  refused,
  served,
  settled,
  soundlyAsked,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { permitFlawCases } from "./permit-flaws.ts";
import { permitReceiptCases } from "./permit-receipts.ts";
import { permitReplayCases } from "./permit-replay.ts";
import { buyEverything, leads, nameOf, soldByPermit } from "./permit-sale.ts";
import { permitSettlementCases } from "./permit-settlement.ts";
import { permitTermsCases } from "./permit-terms.ts";

/** Code of a payment that only lacks an allowance. */
const allowanceRequired = "PERMIT2_ALLOWANCE_REQUIRED";

/** What holds of every sale by Permit2, `exact` or `upto`: it costs what was signed for, once, and buys once. */
export function permitCases(method: PermitMethod): readonly Case[] {
  const lead = leads[method];
  return [
    defineCase({
      id: `seller.${method}.sold`,
      requirement: "S-ORD-08",
      title: `${lead}: A request with a valid payment is served, and what is charged moves once`,
      needs: [method],
      probe: (t) => buyEverything(t, method, soundlyAsked, served, charged),
    }),
    ...permitReceiptCases(method),
    ...permitSettlementCases(method),
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
            .expect(trying(nameOf(request), refused, settled(0)))
            .done();
        }
      },
    }),
    defineCase({
      id: `seller.${method}.head-is-not-served`,
      requirement: "S-ORD-16",
      title: `${lead}: HEAD is not served without payment`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        const requests = await t.context.permitRequests(method);
        const gets = requests.filter((request) => request.method === "GET");
        if (gets.length === 0) throw new NotApplicable("Nothing that was named is asked for with GET.");
        for (const request of gets) {
          const head = { ...request, method: "HEAD" };
          await t
            .ask(head)
            .expect(trying(nameOf(head), refused))
            .done();
        }
      },
    }),
    ...permitReplayCases(method),
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
    ...permitTermsCases(method),
    ...permitFlawCases(method),
  ];
}

/** Sales of `exact` by Permit2. */
export const permit2Cases: readonly Case[] = permitCases("permit2");

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
