import { Finding, field, type JsonObject, NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  defineCase,
  type PaymentChange,
  provided,
  receipt,
  refused,
  served,
  settled,
  status,
  trying,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";
import { inAuthorization, reversed } from "./spellings.ts";

/** An honest payment, made as some client makes it. */
interface Habit extends Pick<Case, "id" | "title"> {
  readonly change: PaymentChange;
}

const habits: readonly Habit[] = [
  {
    id: "seller.retry.valid-since-ever",
    title: "A payment whose authorization has been valid since 1970 (validAfter 0) is taken",
    change: { authorization: (authorization) => ({ ...authorization, validAfter: 0n }) },
  },
  {
    id: "seller.retry.keys-in-any-order",
    title: "A payment whose JSON keys are in another order is taken",
    change: { envelope: reversed },
  },
  {
    id: "seller.retry.addresses-in-lower-case",
    title: "A payment whose authorization has its addresses in lower case is taken",
    change: { envelope: inAuthorization(addressesInLowerCase) },
  },
];

/** What clients say they take. */
const acceptances: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "anything, as fetch does": { accept: "*/*" },
  JSON: { accept: "application/json" },
  "a page, as browsers do": {
    accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  },
};

/** Whoever keeps to the protocol can pay, whatever its habits. */
export const purchaserCases: readonly Case[] = [
  ...habits.map(({ change, ...definition }) =>
    defineCase({
      ...definition,
      requirement: "S-ORD-08",
      control: aSale,
      probe: (t) => t.buy(change).expect(served, settled(1)),
    }),
  ),
  defineCase({
    id: "seller.retry.whatever-it-accepts",
    requirement: "S-ORD-08",
    title: "Who has paid is served, whether it takes anything, JSON or a page",
    control: aSale,
    probe: async (t) => {
      for (const [what, headers] of Object.entries(acceptances)) {
        const request = withHeaders(t.paid, headers);
        const accepting = (...checks: readonly Check[]) => trying(`Accepts ${what}`, ...checks);
        await t
          .ask(request)
          .expect(accepting(status(402)))
          .done();
        await t
          .buy({}, request)
          .expect(accepting(served, settled(1)))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.retry.compressed",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "Who takes compressed answers gets its receipt, too",
    control: (t) => t.buy().expect(served, settled(1), provided(receipt(() => {}))),
    probe: (t) =>
      t.buy({}, withHeaders(t.paid, { "accept-encoding": "gzip, deflate, br" })).expect(
        served,
        receipt(() => {}),
      ),
  }),
  defineCase({
    id: "seller.retry.same-nonce-of-another-payer",
    requirement: "S-ORD-08",
    title: "A buyer whose authorization has the nonce of another buyer's is served like any other",
    control: aSale,
    probe: async (t) => {
      const other = await t.another();
      await other
        .buy()
        .expect(provided(served), provided(settled(1)))
        .done();
      const { nonce } = other.lastPayment.authorization;
      await t
        .buy({ authorization: (honest) => ({ ...honest, nonce }) })
        .expect(served, settled(1))
        .done();
    },
  }),
  defineCase({
    id: "seller.retry.on-one-connection",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "Who asks and pays on one connection is served, and what is asked on it then is paid for again",
    control: aSale,
    probe: (t) =>
      t.overOneConnection(async () => {
        await t.buy().expect(served, settled(1)).done();
        await t.ask().expect(refused, withheld).done();
      }),
  }),
  defineCase({
    id: "seller.retry.is-readable-for-pages",
    requirement: "S-CH-24",
    title: "A seller that answers pages of other origins lets them read what they paid for, and the receipt",
    control: aSale,
    probe: async (t) => {
      const fromPage = withHeaders(t.paid, { origin: "https://app.example" });
      const { answer } = await t
        .ask(fromPage)
        .expect(provided(status(402)))
        .done();
      if (answer.headers["access-control-allow-origin"] === undefined)
        throw new NotApplicable("The seller does not answer pages of other origins (CORS).");
      await t.buy({}, fromPage).expect(provided(served), readableForPages).done();
    },
  }),
];

function withHeaders(request: ApiRequest, headers: Readonly<Record<string, string>>): ApiRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

function addressesInLowerCase(authorization: JsonObject): JsonObject {
  const lower = (key: "from" | "to") => String(field(authorization, key)).toLowerCase();
  return { ...authorization, from: lower("from"), to: lower("to") };
}

const readableForPages: Check = ({ answer, dialect }) => {
  const receiptHeader = dialect.receiptHeader.toUpperCase();
  const expect = (header: string, expected: string, holds: (value: string) => boolean, complaint: string) => {
    const value = answer.headers[header.toLowerCase()] ?? "";
    if (!holds(value)) throw new Finding(complaint, `${header}: ${expected}`, value || `no ${header}`);
  };
  expect(
    "Access-Control-Allow-Origin",
    "the page's origin, or *",
    (value) => value !== "",
    "A page is charged and cannot read what it paid for.",
  );
  expect(
    "Access-Control-Expose-Headers",
    receiptHeader,
    (value) => value === "*" || value.toUpperCase().includes(receiptHeader),
    "A page cannot read its receipt.",
  );
};
