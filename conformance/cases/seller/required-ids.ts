import { isJsonObject, NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  defineCase,
  type PaymentChange,
  remedies,
  served,
  settled,
  status,
  type Trader,
  turnedAway,
} from "../../engine/seller/index.ts";
import { offeredExtension } from "./extension-offers.ts";
import { named } from "./payment-identifier.ts";
import { objectAt } from "./spellings.ts";

const key = "payment-identifier";

/** Sellers that say of a request that its payment must have an id, and payments that have none. */
export const requiredIdCases: readonly Case[] = [
  refusal("required-and-missing", "a payment without one", withoutExtensions()),
  refusal("required-and-only-echoed", "a payment that echoes the extension without one", echoedWithoutId()),
];

function refusal(name: string, payment: string, change: PaymentChange): Case {
  return defineCase({
    id: `seller.identifier.${name}`,
    requirement: "S-RPL-06",
    title: `Where an id is required, ${payment} is answered with 400, and not taken`,
    control: async (t) => {
      await t
        .buy(named(), await requiring(t))
        .expect(served, settled(1))
        .done();
    },
    probe: async (t) => {
      await t
        .buy(change, await requiring(t))
        .expect(turnedAway, status(400))
        .done();
    },
  });
}

function withoutExtensions(): PaymentChange {
  return { envelope: ({ extensions: _, ...envelope }) => envelope };
}

/** What a buyer sends that copies the seller's extensions, and knows none of them. */
function echoedWithoutId(): PaymentChange {
  return {
    envelope: (envelope) => {
      const echo = objectAt(objectAt(envelope, "extensions"), key);
      const { id: _, ...info } = objectAt(echo, "info");
      return {
        ...envelope,
        extensions: { ...objectAt(envelope, "extensions"), [key]: { ...echo, info } },
      };
    },
  };
}

/** A paid request that is sold under an id only. */
async function requiring(t: Trader): Promise<ApiRequest> {
  const { identified } = t.context.subject.requests;
  for (const request of [t.paid, ...(identified === undefined ? [] : [identified])]) {
    const { info } = await offeredExtension(t, key, request);
    if (isJsonObject(info) && info.required === true) return request;
  }
  throw new NotApplicable(
    `The seller does not require an id for what was bought here; ${remedies.identified}.`,
  );
}
