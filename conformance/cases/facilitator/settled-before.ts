import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  type Reply,
  refused,
  trying,
} from "../../engine/facilitator/index.ts";
import { describeJson, Finding, field } from "../../engine/index.ts";
import { stranger } from "./stranger.ts";
import { onTerms } from "./verified-before.ts";
import { settlesHonestly, waysToPay } from "./ways-to-pay.ts";

const otherTerms = [
  ["another payTo", { payTo: stranger }],
  ["a higher amount", { amount: "2000" }],
] as const;

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
      title: `${what} that was settled is refused when it comes again for another payee, or a higher price`,
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
      },
    }),
  ];
});

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
