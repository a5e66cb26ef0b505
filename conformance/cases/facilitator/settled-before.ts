import {
  type AnyOrder,
  accepted,
  type Case,
  defineCase,
  expectResolved,
  leavePending,
  moved,
  nothingBroadcast,
  type Reply,
  type ReplyCheck,
  refused,
  told,
  trying,
} from "../../engine/facilitator/index.ts";
import { describeJson, Finding, field, objectOf } from "../../engine/index.ts";
import { onTerms, otherTerms } from "./verified-before.ts";
import { settlesHonestly, waysToPay } from "./ways-to-pay.ts";

const afterRestart =
  "Asked again after a restart (keep what is pending in a file, or look whether the chain has the authorization spent)";

/** What was settled once, and comes again: it moves nothing, and is no settlement for anybody else. */
export const settledBeforeCases: readonly Case[] = waysToPay("settlement").flatMap((way) => {
  const { name, what, needs, order: make } = way;
  return [
    defineCase({
      id: `facilitator.${name}.once`,
      requirement: "F-S-04",
      title: `${what} that is settled again moves nothing; whatever is answered names no second transfer`,
      needs,
      control: (t) => settlesHonestly(t, way),
      probe: async (t) => {
        const order = await make(t);
        const first = await t.present("settle", order).expect(accepted, moved(1)).done();
        await t.present("settle", order).expect(moved(0), nothingBroadcast, failsOrRepeats(first)).done();
      },
    }),
    defineCase({
      id: `facilitator.${name}.once-across-a-restart`,
      requirement: "F-S-04",
      title: `${what} that was settled before a restart moves nothing after it`,
      needs: ["restart", ...needs],
      alone: true,
      control: (t) => settlesHonestly(t, way),
      probe: async (t) => {
        const order = await make(t);
        const first = await t.present("settle", order).expect(accepted, moved(1)).done();
        await t.restart();
        await t.present("settle", order).expect(moved(0), nothingBroadcast, failsOrRepeats(first)).done();
        await settlesHonestly(t, way);
      },
    }),
    defineCase({
      id: `facilitator.${name}.settled-for-other-terms`,
      requirement: "F-S-04",
      title: `${what} that was settled is refused when it comes again for another payee, a higher price, or under a forged signature`,
      needs,
      control: (t) => settlesHonestly(t, way),
      probe: async (t) => {
        const order = await make(t);
        await t.present("settle", order).expect(accepted, moved(1)).done();
        for (const [demand, terms] of otherTerms) {
          const other = onTerms(terms, order);
          const isRefused = trying(`Demanded for ${demand}`, refused(), nothingBroadcast, moved(0));
          await t.present("settle", other).expect(isRefused).done();
          await t.present("verify", other).expect(isRefused).done();
        }
        const isRefused = trying("Under a forged signature", refused(), nothingBroadcast, moved(0));
        await t.present("settle", forged(order)).expect(isRefused).done();
        await t.present("verify", forged(order)).expect(isRefused).done();
      },
    }),
    defineCase({
      id: `facilitator.${name}.pending-across-a-restart`,
      requirement: "F-S-09",
      title: `${what} that was pending before a restart is a success when it is asked for after it, and is not sent twice`,
      needs: ["restart", "chain-faults", ...needs],
      alone: true,
      control: (t) => settlesHonestly(t, way),
      probe: async (t) => {
        const order = await make(t);
        await leavePending(t, order, { name: "rpc-receipts-missing" });
        await t.restart();
        await expectResolved(t, order, afterRestart);
      },
    }),
    defineCase({
      id: `facilitator.${name}.pending-for-other-terms`,
      requirement: "F-S-09",
      title: `${what} that is pending is no settlement for another payee, a higher price, or a forged signature`,
      needs: ["chain-faults", ...needs],
      control: (t) => settlesHonestly(t, way),
      probe: async (t) => {
        const order = await make(t);
        await leavePending(t, order, { name: "rpc-receipts-missing" });
        for (const [demand, terms] of otherTerms)
          await t
            .present("settle", onTerms(terms, order))
            .expect(trying(`Demanded for ${demand}`, isNotThePending, nothingBroadcast, moved(0)))
            .done();
        await t
          .present("settle", forged(order))
          .expect(trying("Under a forged signature", isNotThePending, nothingBroadcast))
          .done();
        await expectResolved(t, order);
      },
    }),
  ];
});

/** The same payment under a signature of nobody's. */
function forged<O extends AnyOrder>(order: O): O {
  const body = objectOf(order.body);
  const payment = objectOf(field(body, "paymentPayload") ?? {});
  const payload = { ...objectOf(field(payment, "payload") ?? {}), signature: `0x${"1".repeat(128)}1b` };
  return { ...order, body: { ...body, paymentPayload: { ...payment, payload } } };
}

const isNotThePending: ReplyCheck = (reply) => {
  if (field(reply.json, "success") !== true) return;
  throw new Finding(
    "The transaction of a pending payment is given as the settlement of another one. Compare payee, price and signature, too, with what the transaction was sent for: a seller delivers for this answer.",
    "success: false",
    told(reply),
  );
};

/** A facilitator may fail the second call, or give the first answer again; it must not tell of another transfer. */
function failsOrRepeats(first: Reply) {
  return ({ json }: Reply) => {
    if (field(json, "success") !== true) return;
    const [expected, actual] = [field(first.json, "transaction"), field(json, "transaction")];
    if (expected === actual) return;
    throw new Finding(
      "The second answer tells of another transfer.",
      `a failure, or ${describeJson(expected)}`,
      describeJson(actual),
    );
  };
}
