import { randomUUID } from "node:crypto";
import { Finding, NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  provided,
  refused,
  served,
  settled,
  status,
  type Trader,
  trying,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { opensNothing } from "./access.ts";
import { aSale } from "./sale.ts";

/** Headers by which servers know a request again. */
const keyHeaders = ["idempotency-key", "x-request-id"];

/** What was answered to a buyer is not for others, wherever it is kept. */
export const accessCacheCases: readonly Case[] = [
  defineCase({
    id: "seller.access.request-keys-open-nothing",
    requirement: "S-RPL-08",
    title: "Who names the Idempotency-Key or the X-Request-Id of a paid request does not get its answer",
    control: aSale,
    probe: async (t) => {
      let judged = 0;
      for (const header of keyHeaders) {
        const keyed = { ...t.paid, headers: { ...t.paid.headers, [header]: randomUUID() } };
        const forged = await t.prepare({ signedByStranger: true });
        await t.resend(forged).expect(provided(refused)).done();
        const sale = await t.resend(await t.prepare(), keyed).done();
        if (sale.answer.status >= 300) continue;
        await provided(settled(1))(sale);
        judged += 1;
        await t
          .ask(keyed)
          .expect(trying(`${header}, no payment`, refused, withheld))
          .done();
        await t
          .resend(forged, keyed)
          .expect(trying(`${header}, forged payment`, turnedAway))
          .done();
      }
      if (judged === 0) throw new NotApplicable("The seller serves no request that has a key.");
    },
  }),
  defineCase({
    id: "seller.access.conditions-open-nothing",
    requirement: "S-CH-01",
    protocol: "any",
    title: "A conditional request is asked to pay like any other (RFC 9110 §13.2.1)",
    probe: async (t) => {
      const unpaid = await t.ask().done();
      await provided(status(402))(unpaid);
      const sale = await t.buy().expect(provided(served)).done();
      const { etag = "*" } = sale.answer.headers;
      const conditions = [
        { "if-none-match": etag },
        { "if-none-match": "*" },
        { "if-modified-since": new Date().toUTCString() },
      ];
      for (const headers of conditions) {
        const [condition] = Object.entries(headers).map((entry) => entry.join(": "));
        await t
          .ask(t.paid, headers)
          .expect(trying(`${condition}`, refused, ...opensNothing))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.access.kept-answers-open-nothing",
    requirement: "S-CH-01",
    protocol: "any",
    title:
      "After others have bought, who asks without a payment is asked to pay, and not given what they bought",
    probe: async (t) => {
      const sale = await t.context.sale(t.dialect.protocol);
      if (sale.kind === "sold") await sale.goods.again;
      await t.ask().expect(notKept(t)).done();
      // Some caches forget within a second.
      await t.buy().expect(provided(served)).done();
      await t.ask().expect(notKept(t)).done();
    },
  }),
];

/** Asked to pay like the first one. */
function notKept({ context }: Trader): Check {
  return async (observed) => {
    const { answer } = observed;
    if (answer.status >= 200 && answer.status < 300 && context.soldAnswers.has(answer))
      throw new Finding(
        "Who has not paid is given what another buyer paid for: a cache in front of the seller seems to keep paid answers.",
        "402; send Cache-Control: private, no-store with what is paid for, and let no proxy ignore it",
        `status ${answer.status}, body ${JSON.stringify(answer.body.slice(0, 200))}`,
      );
    await provided(status(402))(observed);
  };
}
