import { NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  charged,
  defineCase,
  expectField,
  failedClosed,
  isChargedNothing,
  noSuccess,
  noWork,
  type PermitMethod,
  provenWithheld,
  provided,
  receipt,
  served,
  settled,
  settledBeforeAnswer,
  settledBeforeFirstByte,
  status,
  trying,
  withheld,
} from "../../engine/seller/index.ts";
import { handlerHeadersByPermit, requireNoneOf } from "./handler-headers.ts";
import { costlyRequest, leads, nameOf, nothingIsCharged, soldByPermit } from "./permit-sale.ts";

/** What a seller does with a permit that does not verify or settle. */
export function permitSettlementCases(method: PermitMethod): readonly Case[] {
  const lead = leads[method];
  const common = { needs: [method, "own-facilitator"], control: soldByPermit(method) } as const;
  return [
    defineCase({
      id: `seller.${method}.settled-before-delivery`,
      requirement: "S-ORD-02",
      title: `${lead}: The transfer is on chain before the first byte of the content is sent`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        let settlements = 0;
        for (const request of await t.context.permitRequests(method)) {
          // Long enough for a seller that does not wait to be ahead of it.
          await t.facilitatorWill("settle-slow");
          const observed = await t.buyByPermitWatching(method, request).expect(served).done();
          // Where nothing is charged, nothing can be settled too late.
          if (isChargedNothing(observed.payment, observed.answer)) continue;
          settlements += 1;
          // That it moves at all is another case's, but waiting for it would hide how late it is without a first byte.
          const inTime =
            observed.firstByteAt === undefined
              ? [settledBeforeAnswer]
              : [provided(charged), settledBeforeFirstByte];
          await trying(nameOf(request), ...inTime)(observed);
        }
        if (settlements === 0) throw new NotApplicable(nothingIsCharged);
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.failed-settlement`,
      requirement: "S-ORD-05",
      title: `${lead}: A settlement that fails is a 402 with a receipt that says so, and without the content`,
      probe: async (t) => {
        const saysFailure = receipt((r) => expectField(r, "success", "false", (value) => value === false));
        await t.underFault(
          "settle-refuses",
          t.buyByPermit(method).expect(provenWithheld, settled(0), status(402), saysFailure),
        );
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.failed-settlement-withholds-the-handlers-headers`,
      requirement: "S-ORD-06",
      title: `${lead}: When settlement fails, none of the handler's headers are in the answer`,
      probe: async (t) => {
        const ofTheHandler = await handlerHeadersByPermit(t, method);
        const { answer } = await t.underFault("settle-refuses", t.buyByPermit(method));
        requireNoneOf(ofTheHandler, answer);
      },
    }),
    ...(["verify-500", "verify-hangs-up"] as const).map((fault) =>
      defineCase({
        ...common,
        id: `seller.${method}.fails-closed-on-${fault}`,
        requirement: "S-PAY-24",
        title: `${lead}: Fails closed when the facilitator misbehaves: ${fault}`,
        probe: async (t) => {
          const purchase = t.buyByPermit(method).expect(failedClosed, withheld, noWork, settled(0));
          await t.underFault(fault, purchase);
        },
      }),
    ),
    ...(["settle-500", "settle-hangs-up", "settle-with-empty-transaction"] as const).map((fault) =>
      defineCase({
        ...common,
        id: `seller.${method}.delivers-nothing-on-${fault}`,
        requirement: "S-PAY-24",
        title: `${lead}: Delivers nothing when the facilitator misbehaves: ${fault}`,
        probe: async (t) => {
          const request = await costlyRequest(t, method);
          const purchase = t.buyByPermit(method, {}, request);
          await t.underFault(fault, purchase.expect(failedClosed, withheld, noSuccess, settled(0)));
        },
      }),
    ),
    defineCase({
      ...common,
      id: `seller.${method}.pending-is-not-success`,
      requirement: "S-ORD-14",
      title: `${lead}: A settlement that is still pending is not reported as success`,
      probe: async (t) => {
        const purchase = t.buyByPermit(method, {}, await costlyRequest(t, method));
        await t.underFault("settle-pending-unmined", purchase.expect(failedClosed, withheld, noSuccess));
      },
    }),
  ];
}
