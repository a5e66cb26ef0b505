import { type Case, defineCase, type Payment, rewrapped, turnedAway } from "../../engine/seller/index.ts";
import { chargedForDeliveries, deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";
import { type Disguise, inPayload, objectAt, otherSpellings, reversed } from "./spellings.ts";

const disguises: readonly Disguise[] = [
  {
    id: "other-resource",
    how: "when its envelope names another resource",
    rewrap: (envelope) => ({
      ...envelope,
      resource: { ...objectAt(envelope, "resource"), url: "http://127.0.0.1/another-resource" },
    }),
  },
  {
    id: "other-extensions",
    how: "when its envelope has other extensions",
    rewrap: (envelope) => ({
      ...envelope,
      extensions: { ...objectAt(envelope, "extensions"), another: { info: { once: "more" }, schema: {} } },
    }),
  },
  {
    id: "other-extra",
    how: "when `accepted.extra` has one more key",
    rewrap: (envelope) => {
      const accepted = objectAt(envelope, "accepted");
      return {
        ...envelope,
        accepted: { ...accepted, extra: { ...objectAt(accepted, "extra"), once: "more" } },
      };
    },
  },
  {
    id: "other-key-order",
    how: "when the keys of its envelope are in another order",
    rewrap: reversed,
  },
  ...otherSpellings,
];

/** A payment is what was signed: the same authorization in another envelope buys nothing more. */
export const replayRewrappedCases: readonly Case[] = [
  ...disguises.map(({ id, how, rewrap }) =>
    defineCase({
      id: `seller.replay.rewrapped-with-${id}`,
      requirement: "S-RPL-01",
      title: `A settled payment buys nothing ${how}`,
      control: aSale,
      probe: (t) => t.resend(rewrapped(withoutName(t.lastPayment), rewrap)).expect(turnedAway),
    }),
  ),
  defineCase({
    id: "seller.replay.sixty-four-envelopes-at-once",
    requirement: "S-RPL-02",
    title: "One authorization sent at once in sixty-four different envelopes is delivered and settled once",
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await t.prepare());
      const envelopes = Array.from({ length: 64 }, (_, variant) => inVariant(payment, variant));
      await t
        .meeting(envelopes.length, t.allTogether(envelopes))
        .expect(deliveredAtMostOnce, chargedForDeliveries)
        .done();
    },
  }),
];

/** The same signature with its first letters in upper or lower case, as the bits of `variant` say. */
function inVariant(payment: Payment, variant: number): Payment {
  let letter = 0;
  const spelled = payment.signature.slice(2).replace(/[a-f]/gi, (digit) => {
    const isUpper = letter < 31 && ((variant >> letter) & 1) === 1;
    letter += 1;
    return isUpper ? digit.toUpperCase() : digit.toLowerCase();
  });
  return rewrapped(
    payment,
    inPayload((payload) => ({ ...payload, signature: `0x${spelled}` })),
  );
}
