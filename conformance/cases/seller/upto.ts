import {
  Finding,
  field,
  type JsonObject,
  NotApplicable,
  objectOf,
  parseJson,
  Unproven,
} from "../../engine/index.ts";
import {
  type Case,
  type Check,
  challenge,
  charged,
  defineCase,
  expectField,
  facilitatorIn,
  type Observed,
  provided,
  receipt,
  served,
  settled,
  type Trader,
  toldCharge,
  trying,
  uptoEntryIn,
} from "../../engine/seller/index.ts";
import { soldByPermit } from "./permit-sale.ts";
import { permitCases } from "./permit2.ts";

const method = "upto";

const needs = [method] as const;

/** Header by which handlers of the official stacks say what is charged. */
const override = "settlement-overrides";

/** Sellers that charge what was used, up to what the buyer permits. */
export const uptoCases: readonly Case[] = [
  ...permitCases(method),
  defineCase({
    id: "seller.upto.challenge-names-the-facilitator",
    requirement: "S-CH-28",
    title: "upto: The challenge has `extra.name`, `extra.version` and `extra.facilitatorAddress`",
    needs,
    probe: async (t) =>
      t
        .ask(await t.permitRequest(method))
        .expect(
          challenge((asked) => {
            const entry = uptoEntryIn(asked);
            if (entry === undefined) throw new Unproven("The challenge has no entry of scheme upto.");
            const extra = objectOf(field(entry, "extra"));
            for (const key of ["name", "version"])
              expectField(extra, key, "a text", (value) => typeof value === "string" && value !== "");
            expectField(
              extra,
              "facilitatorAddress",
              "an EVM address",
              () => facilitatorIn(entry) !== undefined,
            );
          }),
        )
        .done(),
  }),
  defineCase({
    id: "seller.upto.charge-within-the-bound",
    requirement: "S-UP-01",
    title: "upto: What the facilitator is asked to settle is at most what the buyer permitted",
    needs: [method, "own-facilitator"],
    probe: async (t) => {
      const observed = await t.buyByPermit(method).done();
      const { amount } = t.lastPermit;
      for (const asked of await askedToSettle(t)) {
        if (/^\d+$/.test(asked) && BigInt(asked) <= amount) continue;
        throw new Finding(
          "The facilitator is asked for more than the buyer permitted.",
          `paymentRequirements.amount: at most "${amount}"`,
          asked,
        );
      }
      await provided(served)(observed);
      await provided(charged)(observed);
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
      const observed = await t.buyByPermit(method).expect(served, charged).done();
      const told = toldBy(observed);
      const moved = (await observed.transfers()).reduce((sum, { value }) => sum + value, 0n);
      const asked = await askedToSettle(t);
      if (asked.every((amount) => amount === told) && String(moved) === told) return;
      throw new Finding(
        "The buyer is told another charge than was settled.",
        `paymentRequirements.amount and transfer of ${told}, as the receipt tells`,
        `paymentRequirements.amount ${asked.join(", ")}; transfer of ${moved}`,
      );
    },
  }),
  defineCase({
    id: "seller.upto.receipt-tells-the-charge",
    requirement: "S-UP-04",
    title: "upto: PAYMENT-RESPONSE has `amount`, what was charged",
    needs,
    control: soldByPermit(method),
    probe: (t) =>
      t.buyByPermit(method).expect(
        served,
        charged,
        receipt((r) =>
          expectField(
            r,
            "amount",
            "atomic units",
            (value) => typeof value === "string" && /^\d+$/.test(value),
          ),
        ),
      ),
  }),
  defineCase({
    id: "seller.upto.charges-nothing",
    requirement: "S-UP-03",
    title: 'upto: What costs nothing is delivered, with transaction "" and without a transfer',
    needs,
    control: soldByPermit(method),
    probe: async (t) => {
      let free = 0;
      for (const request of await t.context.permitRequests(method)) {
        const observed = await t
          .buyByPermit(method, {}, request)
          .expect(provided(served), provided(charged))
          .done();
        if (toldCharge(observed.payment, observed.answer) !== "0") continue;
        free += 1;
        await trying(`${request.method} ${request.target}`, namesNoTransaction, settled(0))(observed);
      }
      if (free > 0) return;
      throw new NotApplicable(
        "Nothing that was named is charged 0; give a request that is with another --upto.",
      );
    },
  }),
  defineCase({
    id: "seller.upto.override-stays-inside",
    requirement: "S-ORD-20",
    title: "upto: The header by which a handler says what is charged does not reach the buyer",
    needs,
    control: soldByPermit(method),
    probe: (t) =>
      t.buyByPermit(method).expect(served, charged, ({ answer }) => {
        if (answer.headers[override] === undefined) return;
        throw new Finding(
          "The buyer sees what the handler told the seller.",
          `no header ${override}`,
          answer.headers[override],
        );
      }),
  }),
];

const namesNoTransaction: Check = receipt((r) =>
  expectField(r, "transaction", '""', (value) => value === ""),
);

/** The charge that the receipt tells; that it tells one is another case's. */
function toldBy({ payment, answer }: Observed): string {
  const told = toldCharge(payment, answer);
  if (typeof told === "string") return told;
  throw new NotApplicable(
    "The receipt does not tell what was charged; seller.upto.receipt-tells-the-charge judges that.",
  );
}

/** The amounts that the seller asked the facilitator to settle for this case's payer. */
async function askedToSettle(t: Trader): Promise<readonly string[]> {
  const calls = (await t.facilitatorSaw()).filter(({ endpoint }) => endpoint === "settle");
  return calls.map(({ request }) => String(field(requirementsIn(request), "amount")));
}

function requirementsIn(request: unknown): JsonObject {
  return objectOf(field(parseJson(JSON.stringify(request)), "paymentRequirements"));
}
