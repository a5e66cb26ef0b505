import { Finding, field, type JsonObject, NotApplicable, objectOf, parseJson } from "../../engine/index.ts";
import {
  amountMoved,
  type Case,
  type Check,
  charged,
  defineCase,
  expectField,
  type Observed,
  provided,
  receipt,
  served,
  type Trader,
  toldCharge,
  trying,
} from "../../engine/seller/index.ts";
import { buyEverything, nameOf, soldByPermit } from "./permit-sale.ts";

const method = "upto";

/** What is charged, within what was permitted, for everything that is sold so: asked for, moved and told. */
export const uptoChargeCases: readonly Case[] = [
  defineCase({
    id: "seller.upto.charge-within-the-bound",
    requirement: "S-UP-01",
    title: "upto: What the facilitator is asked to settle is at most what the buyer permitted",
    needs: [method, "own-facilitator"],
    probe: async (t) => {
      // First all of them: that one of them is not sold must not hide what is asked for another.
      await buyEverything(t, method, withinTheBound(t));
      await buyEverything(t, method, provided(served), provided(charged));
    },
  }),
  defineCase({
    id: "seller.upto.charges-what-it-tells",
    requirement: "S-UP-02",
    title:
      "upto: What the receipt tells, what the facilitator is asked to settle, and what moves is one amount",
    needs: [method, "own-facilitator"],
    control: soldByPermit(method),
    probe: async (t) => {
      let told = 0;
      for (const request of await t.context.permitRequests(method)) {
        const observed = await t.buyByPermit(method, {}, request).expect(provided(served)).done();
        // That the receipt tells the charge is another case's.
        if (toldCharge(observed.payment, observed.answer) === undefined) continue;
        told += 1;
        await trying(nameOf(request), asTold(t))(observed);
      }
      if (told > 0) return;
      throw new NotApplicable(
        "No receipt tells what was charged; seller.upto.receipt-tells-the-charge judges that.",
      );
    },
  }),
  defineCase({
    id: "seller.upto.receipt-tells-the-charge",
    requirement: "S-UP-04",
    title: "upto: PAYMENT-RESPONSE has `amount`, what was charged",
    needs: [method],
    control: soldByPermit(method),
    probe: (t) => {
      const isAmount = (value: unknown) => typeof value === "string" && /^\d+$/.test(value);
      const tellsIt = receipt((r) => expectField(r, "amount", "atomic units", isAmount));
      return buyEverything(t, method, provided(served), tellsIt, provided(charged));
    },
  }),
  defineCase({
    id: "seller.upto.charges-nothing",
    requirement: "S-UP-03",
    title: 'upto: What costs nothing is delivered, with transaction "" and without a transfer',
    needs: [method],
    control: soldByPermit(method),
    probe: async (t) => {
      let free = 0;
      for (const request of await t.context.permitRequests(method)) {
        const observed = await t.buyByPermit(method, {}, request).expect(provided(served)).done();
        const told = toldCharge(observed.payment, observed.answer);
        if (told === undefined || (told !== "0" && (await amountMoved(observed)) > 0n)) continue;
        free += 1;
        await trying(nameOf(request), charged, namesNoTransaction)(observed);
      }
      if (free > 0) return;
      throw new NotApplicable(
        "Nothing that was named is charged 0; give a request that is with another --upto.",
      );
    },
  }),
];

const namesNoTransaction: Check = receipt((r) =>
  expectField(r, "transaction", '""', (value) => value === ""),
);

function withinTheBound(t: Trader): Check {
  return async ({ payment }) => {
    for (const asked of await askedToSettle(t, payment)) {
      if (payment === undefined || (/^\d+$/.test(asked) && BigInt(asked) <= payment.amount)) continue;
      throw new Finding(
        "The facilitator is asked for more than the buyer permitted.",
        `paymentRequirements.amount: at most "${payment.amount}"`,
        asked,
      );
    }
  };
}

/** Which of the three is right, nobody can tell from outside. */
function asTold(t: Trader): Check {
  return async (observed) => {
    const told = String(toldCharge(observed.payment, observed.answer));
    const moved = String(await amountMoved(observed));
    const asked = await askedToSettle(t, observed.payment);
    if (moved === told && asked.every((amount) => amount === told)) return;
    throw new Finding(
      "What was told, what was asked for and what moved differ.",
      "one amount in the receipt, in paymentRequirements.amount and on chain",
      `the receipt tells ${told}; paymentRequirements.amount ${asked.join(", ") || "was not sent"}; ${moved} moved`,
    );
  };
}

/** The amounts that the seller asked the facilitator to settle of a payment. */
async function askedToSettle(t: Trader, payment: Observed["payment"]): Promise<readonly string[]> {
  const calls = (await t.facilitatorSaw()).filter(
    ({ endpoint, request }) =>
      endpoint === "settle" && payment !== undefined && JSON.stringify(request).includes(payment.id),
  );
  return calls.map(({ request }) => String(field(requirementsIn(request), "amount")));
}

function requirementsIn(request: unknown): JsonObject {
  return objectOf(field(parseJson(JSON.stringify(request)), "paymentRequirements"));
}
