import { NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  defineCase,
  hinting,
  settled,
  type Trader,
  trying,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** Paid requests that no content answers, by what HTTP says of them. */
export const withoutContentCases: readonly Case[] = [
  defineCase({
    id: "seller.access.head-takes-nothing",
    requirement: "S-ORD-21",
    protocol: "any",
    title: "HEAD with a good payment is not charged: nothing but headers can answer it",
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare({}, gotten(t));
      await t
        .resend(payment, { ...t.paid, method: "HEAD" })
        .expect(unchargedWithoutContent)
        .done();
    },
  }),
  defineCase({
    id: "seller.access.not-modified-takes-nothing",
    requirement: "S-ORD-21",
    protocol: "any",
    title: "A paid request whose buyer has a copy is answered with the content, or is not charged",
    control: aSale,
    probe: async (t) => {
      const bought = await t.buy({}, gotten(t)).done();
      const known = bought.answer.headers.etag;
      for (const tag of ["*", ...(known === undefined ? [] : [known])]) {
        const headers = { ...t.paid.headers, "if-none-match": tag };
        await t
          .resend(await t.prepare(), { ...t.paid, headers })
          .expect(trying(`If-None-Match: ${tag}`, unchargedIfNotModified))
          .done();
      }
    },
  }),
];

/** The paid request, if its method is one that has a HEAD, and an answer of 304. */
function gotten({ paid }: Trader): ApiRequest {
  if (paid.method === "GET") return paid;
  throw new NotApplicable(
    `What is bought is asked for by ${paid.method}: HEAD and 304 are tried of what is asked for by GET alone.`,
  );
}

/** A seller need not know of it: a cache before it may turn the one request into the other. */
const unchargedWithoutContent = hinting(
  "Caches may make GET of HEAD, as Varnish does, and nginx without proxy_cache_convert_head off.",
  settled(0),
);

const unchargedIfNotModified: Check = async (observed) => {
  if (observed.answer.status === 304) await settled(0)(observed);
};
