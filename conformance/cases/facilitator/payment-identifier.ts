import {
  accepted,
  type Case,
  defineCase,
  moved,
  type OrderChange,
  settledOrRefused,
  spentItsOwn,
  survived,
  truthful,
} from "../../engine/facilitator/index.ts";
import { field, type JsonObject, objectOf, withIdentifier } from "../../engine/index.ts";

/** A payment that its buyer calls by a name. */
export const paymentIdentifierCases: readonly Case[] = [
  defineCase({
    id: "facilitator.identifier.one-payment-two-names",
    requirement: "F-S-04",
    title: "A payment that was settled is not settled again under another payment-identifier",
    control: (t) => t.settle(named("first")).expect(accepted, moved(1)),
    probe: async (t) => {
      const { body, ...order } = await t.order(named("second"));
      await t
        .present("settle", { body, ...order })
        .expect(accepted, moved(1))
        .done();
      const renamed = renamedTo("third", objectOf(body));
      await t
        .present("settle", { ...order, body: renamed })
        .expect(survived, truthful(t), moved(0))
        .done();
    },
  }),
  defineCase({
    id: "facilitator.identifier.two-payments-one-name",
    requirement: "F-S-02",
    title:
      "Another payment under a payment-identifier that was used is settled by its own transfer, or refused",
    control: (t) => t.settle(named("fourth")).expect(accepted, moved(1)),
    probe: async (t) => {
      await t.settle(named("fifth")).expect(accepted, moved(1)).done();
      await t.settle(named("fifth")).expect(spentItsOwn(t), settledOrRefused).done();
    },
  }),
];

/** An order that its buyer calls by a payment-identifier. */
function named(id: string): OrderChange {
  return { paymentPayload: (payment) => withIdentifier(payment, identifier(id)) };
}

/** The body of an order with another payment-identifier around the same payment. */
function renamedTo(id: string, body: JsonObject): JsonObject {
  const payment = field(body, "paymentPayload");
  return { ...body, paymentPayload: withIdentifier(Object(payment), identifier(id)) };
}

/** 16 to 128 letters, digits, hyphens and underscores. */
function identifier(id: string): string {
  return `conformance-payment-${id}`;
}
