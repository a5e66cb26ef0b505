import { isAddressEqual } from "viem";
import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  oneTransferAmong,
  type RepliesCheck,
  type Reply,
  reasonOf,
  refused,
  told,
} from "../../engine/facilitator/index.ts";
import { describeJson, Finding, field } from "../../engine/index.ts";
import { atPrice } from "./price.ts";
import { settlesHonestly, type WayToPay, waysToPay } from "./ways-to-pay.ts";

/** How money moves: once, as signed, and as it is told. */
export const settlementCases: readonly Case[] = [
  defineCase({
    id: "facilitator.settlement.transfers-as-signed",
    requirement: "F-S-01",
    title: "The transaction of a settlement spends exactly the signed authorization",
    probe: (t) => t.settle().expect(accepted, moved(1), transferIsTheOneNamed),
  }),
  defineCase({
    id: "facilitator.settlement.moves-the-amount-and-nothing-else",
    requirement: "F-S-03",
    title: "The payer loses exactly the amount, to payTo alone",
    probe: async (t) => {
      const before = await t.balance();
      const { order } = await t.settle().expect(accepted, moved(1)).done();
      const lost = before - (await t.balance());
      if (lost === order?.amount) return;
      throw new Finding("The payer lost another amount.", `${order?.amount}`, `${lost}`);
    },
  }),
  defineCase({
    id: "facilitator.settlement.without-verify",
    requirement: "F-API-19",
    title: "A payment that nobody had verified is settled",
    probe: (t) => t.settle().expect(accepted, moved(1)),
  }),
  defineCase({
    id: "facilitator.settlement.verified-is-settled",
    requirement: "F-V-27",
    title: "What verifies can be settled",
    probe: async (t) => {
      const order = await t.order();
      await t.present("verify", order).expect(accepted).done();
      await t.present("settle", order).expect(accepted, moved(1)).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.agrees-with-verify",
    requirement: "F-V-27",
    title: "What does not verify is not settled, for the same reason",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.order({ authorization: (a) => ({ ...a, value: a.value - 1n }) });
      const verified = await t.present("verify", order).expect(refused()).done();
      await t.present("settle", order).expect(refused(), moved(0), sameReasonAs(verified)).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.verify-moves-nothing",
    requirement: "F-API-18",
    title: "/verify sends no transaction and uses nothing up",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.order();
      await t.present("verify", order).expect(accepted, moved(0), nothingBroadcast).done();
      await t.present("verify", order).expect(accepted, moved(0), nothingBroadcast).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.settled-does-not-verify",
    requirement: "F-V-19",
    title: "A payment that was settled does not verify any more, although it did before",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.order();
      await t.present("verify", order).expect(accepted).done();
      await t.present("settle", order).expect(accepted, moved(1)).done();
      await t.present("verify", order).expect(refused(), moved(0)).done();
    },
  }),
  ...[2, 8, 64].map((times) =>
    defineCase({
      id: `facilitator.settlement.${times}-at-once`,
      requirement: "F-S-05",
      title: `One payment settled ${times} times at once is transferred once, and the answers agree`,
      control: (t) => t.settle().expect(accepted, moved(1)),
      probe: async (t) => {
        const order = await t.order();
        await t
          .settleTogether(Array.from({ length: times }, () => order))
          .expect(oneTransferAmong)
          .done();
      },
    }),
  ),
  ...waysToPay("settlement")
    .filter(bringsNoAllowance)
    .map((way) =>
      defineCase({
        id: `facilitator.${way.name}.sixteen-payments-at-once`,
        requirement: "F-S-11",
        title: `${way.what} and fifteen others of its payer, settled at once, are all transferred`,
        needs: way.needs,
        control: (t) => settlesHonestly(t, way),
        probe: async (t) => {
          const orders = await Promise.all(Array.from({ length: 16 }, () => way.order(t)));
          await t.settleTogether(orders).expect(allSettled).done();
        },
      }),
    ),
  defineCase({
    id: "facilitator.settlement.all-that-the-payer-holds",
    requirement: "F-V-16",
    title: "A payment of exactly what the payer holds verifies, and is settled",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const all = await t.balance();
      const made = await t.order({
        terms: (terms) => atPrice(terms, String(all)),
        authorization: (a) => ({ ...a, value: all }),
      });
      const order = { ...made, amount: all };
      await t.present("verify", order).expect(accepted).done();
      await t.present("settle", order).expect(accepted, moved(1)).done();
    },
  }),
  defineCase({
    id: "facilitator.settlement.two-authorizations-with-one-nonce",
    requirement: "F-S-05",
    title: "Of two authorizations with one nonce, settled at once, one is transferred",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.order();
      const { nonce } = order.authorization;
      const twin = await t.order({
        authorization: (a) => ({ ...a, nonce, validBefore: a.validBefore + 1n }),
      });
      await t.settleTogether([order, twin]).expect(oneTransferAmong).done();
    },
  }),
];

/** Allowances of one payer are numbered, so that only one of several at once can be sent. */
function bringsNoAllowance({ name }: WayToPay): boolean {
  return name !== "sponsoring";
}

const transferIsTheOneNamed = async ({ json, transfers, order }: Reply) => {
  const named = field(json, "transaction");
  const [transfer] = await transfers();
  const isRight =
    transfer !== undefined &&
    transfer.transaction === named &&
    order !== undefined &&
    isAddressEqual(transfer.from, order.payer);
  if (isRight) return;
  throw new Finding(
    "The transaction in the answer is not the transfer.",
    transfer?.transaction ?? "a transfer",
    describeJson(named),
  );
};

function sameReasonAs(other: Reply) {
  return (reply: Reply) => {
    const [expected, actual] = [reasonOf(other), reasonOf(reply)];
    if (JSON.stringify(expected) === JSON.stringify(actual)) return;
    throw new Finding(
      "/settle gives another reason than /verify.",
      describeJson(expected),
      describeJson(actual),
    );
  };
}

const allSettled: RepliesCheck = async (replies) => {
  const failed = replies.filter(({ json }) => field(json, "success") !== true);
  const [one] = failed;
  if (one !== undefined) {
    throw new Finding(
      `${failed.length} of ${replies.length} honest payments at once were not settled.`,
      "success: true",
      told(one),
    );
  }
  for (const reply of replies) {
    const named = field(reply.json, "transaction");
    const found = (await reply.transfers()).some(({ transaction }) => transaction === named);
    if (!found) throw new Finding("A settlement that is not on chain.", "its transfer", describeJson(named));
  }
};
