import {
  dialects,
  encodeBase64Text,
  Finding,
  type JsonObject,
  NotApplicable,
  objectOf,
} from "../../engine/index.ts";
import {
  type Case,
  chargedAsDelivered,
  defineCase,
  type PaymentChange,
  refusedCleanly,
  served,
  settled,
  soldOrTurnedAway,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** A payment header that is not a payment. */
interface Malformation {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly change: PaymentChange;
}

const malformations: readonly Malformation[] = [
  {
    id: "seller.malformed.not-base64",
    requirement: "S-PAY-02",
    title: "A payment header that is not base64 is refused",
    change: { header: () => "%%% not base64 %%%" },
  },
  {
    id: "seller.malformed.not-json",
    requirement: "S-PAY-03",
    title: "A payment header that is base64 of something else than JSON is refused",
    change: { header: () => encodeBase64Text("{ this is not JSON") },
  },
  {
    id: "seller.malformed.null",
    requirement: "S-PAY-03",
    title: "A payment that is JSON null is refused",
    change: { envelope: () => null },
  },
  {
    id: "seller.malformed.array",
    requirement: "S-PAY-03",
    title: "A payment that is an array is refused",
    change: { envelope: (payment) => [payment] },
  },
  {
    id: "seller.malformed.empty-object",
    requirement: "S-PAY-03",
    title: "A payment that is an empty object is refused",
    change: { envelope: () => ({}) },
  },
  {
    id: "seller.malformed.bare-string",
    requirement: "S-PAY-03",
    title: "A payment that is a bare string is refused",
    change: { envelope: () => "paid" },
  },
  {
    id: "seller.malformed.bare-number",
    requirement: "S-PAY-03",
    title: "A payment that is a bare number is refused",
    change: { envelope: () => 1000 },
  },
  {
    id: "seller.malformed.empty-header",
    requirement: "S-PAY-02",
    title: "An empty payment header is refused",
    change: { header: () => "" },
  },
  {
    id: "seller.malformed.version-missing",
    requirement: "S-PAY-05",
    title: "A payment that names no x402 version is refused",
    change: { envelope: ({ x402Version: _, ...payment }) => payment },
  },
  {
    id: "seller.malformed.version-with-a-fraction",
    requirement: "S-PAY-05",
    title: "A payment of x402 version 2.5 is refused",
    change: { envelope: (payment) => ({ ...payment, x402Version: 2.5 }) },
  },
  {
    id: "seller.malformed.other-version",
    requirement: "S-PAY-05",
    title: "A payment of an unknown x402 version is refused",
    change: { envelope: (payment) => ({ ...payment, x402Version: 3 }) },
  },
  {
    id: "seller.malformed.accepted-missing",
    requirement: "S-PAY-06",
    title: "A payment without `accepted` is refused",
    change: { envelope: ({ accepted: _, ...payment }) => payment },
  },
  {
    id: "seller.malformed.payload-missing",
    requirement: "S-PAY-07",
    title: "A payment without `payload` is refused",
    change: { envelope: ({ payload: _, ...payment }) => payment },
  },
  {
    id: "seller.malformed.accepted-null",
    requirement: "S-PAY-06",
    title: "A payment whose `accepted` is null is refused",
    change: { envelope: (payment) => ({ ...payment, accepted: null }) },
  },
  {
    id: "seller.malformed.payload-null",
    requirement: "S-PAY-07",
    title: "A payment whose `payload` is null is refused",
    change: { envelope: (payment) => ({ ...payment, payload: null }) },
  },
  {
    id: "seller.malformed.authorization-null",
    requirement: "S-PAY-07",
    title: "A payment whose authorization is null is refused",
    change: {
      envelope: (payment) => ({ ...payment, payload: { ...objectOf(payment.payload), authorization: null } }),
    },
  },
  {
    id: "seller.malformed.time-in-words",
    requirement: "S-PAY-07",
    title: "A payment that is valid until tomorrow, in that word, is refused",
    change: {
      envelope: (payment) => {
        const payload = objectOf(payment.payload);
        const authorization = { ...objectOf(payload.authorization), validBefore: "tomorrow" };
        return { ...payment, payload: { ...payload, authorization } };
      },
    },
  },
];

const oversizes = [
  { id: "seller.malformed.oversized", size: "100 kB", characters: 100_000 },
  { id: "seller.malformed.oversized-by-far", size: "1 MB", characters: 1_000_000 },
];

/** Headers that cannot be read as a payment: refused as the client's mistake, whatever the exact status. */
export const malformedCases: readonly Case[] = [
  ...malformations.map(({ change, ...definition }) =>
    defineCase({
      ...definition,
      control: aSale,
      probe: (t) => t.buy(change).expect(refusedCleanly, turnedAway),
    }),
  ),
  ...oversizes.map(({ id, size, characters }) =>
    defineCase({
      id,
      requirement: "S-PAY-08",
      title: `A payment header of ${size} is refused, and the seller keeps serving`,
      control: aSale,
      probe: async (t) => {
        await t.provoke(t.paid, { [t.dialect.paymentHeader]: "A".repeat(characters) }, refusedCleanly);
        await t.buy().expect(served, settled(1)).done();
      },
    }),
  ),
  defineCase({
    id: "seller.malformed.two-headers",
    requirement: "S-PAY-28",
    title: "Two payment headers in one request are refused or count as one",
    control: aSale,
    probe: async (t) => {
      // Whichever of the two a seller takes for the one: only trying both would serve either order.
      const deliveries: string[] = [];
      for (const order of ["garbage first", "garbage last"] as const) {
        const { header } = await t.prepare();
        const headers = order === "garbage first" ? ["garbage!", header] : [header, "garbage!"];
        const { answer } = await t
          .send({ [t.dialect.paymentHeader]: headers })
          .expect(chargedAsDelivered)
          .done();
        if (answer.status < 300) deliveries.push(order);
      }
      if (deliveries.length === 2) {
        throw new Finding("Two payment headers are two chances.", "at most one order served", "both served");
      }
    },
  }),
  defineCase({
    id: "seller.malformed.two-payments",
    requirement: "S-PAY-28",
    title: "Two good payments in one request are refused or charged as one",
    control: aSale,
    probe: async (t) => {
      const payments = [await t.prepare(), await t.prepare()];
      await t
        .send({ [t.dialect.paymentHeader]: payments.map(({ header }) => header) })
        .expect(soldOrTurnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.malformed.v1-header",
    requirement: "S-PAY-26",
    title: "An x402 v1 payment header does not open a v2 resource",
    control: aSale,
    probe: async (t) => {
      if (await t.context.offers("x402@1")) {
        throw new NotApplicable("The seller offers x402 v1 as well, in the body of its 402.");
      }
      const { header } = await t.prepare({ envelope: asV1 });
      await t
        .send({ [dialects["x402@1"].paymentHeader]: header })
        .expect(turnedAway)
        .done();
    },
  }),
];

/** The same signed authorization as x402 v1 wraps it. */
function asV1({ payload = null }: JsonObject): JsonObject {
  return { x402Version: 1, scheme: "exact", network: "base-sepolia", payload };
}
