import {
  accepted,
  type Case,
  type Cause,
  defineCase,
  type Endpoint,
  type Merchant,
  moved,
  noServerError,
  nothingBroadcast,
  type OrderChange,
  refused,
  survived,
  trying,
} from "../../engine/facilitator/index.ts";
import { field, type Json, type JsonObject } from "../../engine/index.ts";
import { atPrice } from "./price.ts";

/** One form in which a request is wrong. */
interface Variant extends OrderChange {
  /** How a finding begins. */
  readonly what?: string;
  /** Causes that are as true of it as those of the case. */
  readonly causes?: readonly Cause[];
}

/** Requests that are wrong in their form: refused with a code, never a crash, and the service goes on. */
export const malformedCases: readonly Case[] = [
  ...(["verify", "settle"] as const).flatMap((endpoint) => [
    defineCase({
      id: `facilitator.malformed.body-of-${endpoint}`,
      requirement: "F-API-10",
      title: `/${endpoint} refuses a body that is no request`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const body of bodies)
          await t
            .post(endpoint, body)
            .expect(trying(`The body ${JSON.stringify(body)}`, noServerError, refused()))
            .done();
        await t[endpoint]().expect(accepted).done();
      },
    }),
    defineCase({
      id: `facilitator.malformed.parts-missing-in-${endpoint}`,
      requirement: "F-API-10",
      title: `/${endpoint} refuses a request without payload or requirements`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: (t) =>
        refusesEach(t, endpoint, [
          without("paymentPayload"),
          without("paymentRequirements"),
          { body: (body) => ({ ...body, paymentPayload: null }) },
          { body: (body) => ({ ...body, paymentRequirements: [] }) },
        ]),
    }),
    defineCase({
      id: `facilitator.malformed.oversized-${endpoint}`,
      requirement: "F-API-10",
      title: `/${endpoint} survives a megabyte, deep nesting and keys of the prototype`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const [what, body] of Object.entries(hostileBodies))
          await t
            .post(endpoint, body)
            .expect(trying(what, noServerError, refused()))
            .done();
        await t[endpoint]().expect(accepted).done();
      },
    }),
  ]),
  refusal(
    "payload",
    "F-API-11",
    "A payload without signature or authorization, or of another shape",
    ["payload", "signature"],
    [
      { payload: () => ({}) },
      { payload: () => null },
      { payload: ({ authorization = null }) => ({ authorization }) },
      { payload: ({ signature = null }) => ({ signature }) },
      { payload: (payload) => ({ ...payload, signature: 7 }) },
      { payload: (payload) => ({ ...payload, signature: null }) },
      inAuthorization({ nonce: {} }),
      inAuthorization({ nonce: null }),
      { payload: (payload) => ({ ...payload, signature: "0x" }) },
      { payload: (payload) => ({ ...payload, signature: "signed" }) },
      { payload: (payload) => ({ ...payload, authorization: [] }) },
    ],
  ),
  refusal(
    "numbers",
    "F-API-11",
    "An authorization whose value is no decimal number",
    ["payload"],
    [
      ...["", "one", "-1000", "1e3", "1000.0", " 1000", "1_000", String(2n ** 256n), "NaN"].map((value) =>
        inAuthorization({ value }),
      ),
      inAuthorization({ value: null }),
      inAuthorization({ value: {} }),
      inAuthorization({ validBefore: "tomorrow" }),
      inAuthorization({ validAfter: "-1" }),
      ...[null, {}, []].flatMap((time) => [
        inAuthorization({ validBefore: time }),
        inAuthorization({ validAfter: time }),
      ]),
    ],
  ),
  refusal(
    "addresses",
    "F-API-11",
    "An authorization from or to something that is no address",
    ["payload"],
    [
      inAuthorization({ from: "0x1234" }),
      inAuthorization({ from: "" }),
      inAuthorization({ from: 7 }),
      inAuthorization({ from: null }),
      inAuthorization({ to: "the seller" }),
      inAuthorization({ to: null }),
    ],
  ),
  refusal(
    "accepted",
    "F-API-12",
    "A payment that does not say what it accepts",
    ["payload"],
    [
      { paymentPayload: ({ accepted: _, ...payment }) => payment },
      { paymentPayload: (payment) => ({ ...payment, accepted: null }) },
      { paymentPayload: (payment) => ({ ...payment, accepted: "exact" }) },
    ],
  ),
  refusal(
    "requirements",
    "F-API-13",
    "Terms that nobody could fulfil",
    ["requirements"],
    [
      ...["0.5", "-1", "1e3", "", "one", null].map(pricedAt),
      // Whoever reads a price as a number first finds another than was paid.
      { ...pricedAt(String(2n ** 256n)), causes: ["amount"] },
      termsWith({ payTo: "0x1234" }),
      termsWith({ payTo: null }),
      termsWith({ asset: "USDC" }),
    ],
  ),
  refusal(
    "version",
    "F-API-14",
    "A version of x402 that is none",
    ["version"],
    [3, 0, -1, "2", null].map((x402Version) => ({
      body: (body) => ({ ...body, x402Version }),
      paymentPayload: (payment) => ({ ...payment, x402Version }),
    })),
  ),
  refusal(
    "scheme",
    "F-API-15",
    "A scheme that is not supported",
    ["scheme"],
    [termsWith({ scheme: "barter" })],
  ),
  refusal(
    "network",
    "F-API-16",
    "A network that is not supported",
    ["network", "requirements"],
    [
      termsWith({ network: "eip155:99999999" }),
      termsWith({ network: "somewhere" }),
      { terms: (terms) => ({ ...terms, network: `${String(terms.network)}0` }) },
    ],
  ),
  defineCase({
    id: "facilitator.malformed.numbers-in-hex",
    requirement: "F-V-22",
    title: "Numbers in hex are read as numbers, or refused with a code",
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      const { json } = await t
        .settle(inAuthorization({ value: "0x3e8" }))
        .expect(survived)
        .done();
      await t
        .settle(inAuthorization({ value: "0x3e8" }))
        .expect(...(field(json, "success") === true ? [accepted, moved(1)] : [refused("payload"), moved(0)]))
        .done();
    },
  }),
];

const bodies = ["", "{", "null", "[]", "7", '"request"', "{}", "\u0000", "x402Version=2"];

const hostileBodies = {
  "A body of a megabyte": JSON.stringify({ x402Version: 2, paymentPayload: "x".repeat(1024 * 1024) }),
  "A body that is nested 2,000 deep": `${'{"paymentPayload":'.repeat(2_000)}1${"}".repeat(2_000)}`,
  "A body with keys of prototypes": `{"x402Version":2,"__proto__":{"isValid":true},"paymentPayload":{"constructor":{"prototype":{}}},"paymentRequirements":{"__proto__":{"scheme":"exact"}}}`,
};

function refusal(
  name: string,
  requirement: string,
  what: string,
  causes: readonly Cause[],
  changes: readonly Variant[],
): Case {
  return defineCase({
    id: `facilitator.malformed.${name}`,
    requirement,
    title: `${what} is refused by /verify and /settle`,
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      await refusesEach(t, "verify", changes, ...causes);
      await refusesEach(t, "settle", changes, ...causes);
    },
  });
}

async function refusesEach(
  t: Merchant,
  endpoint: Endpoint,
  variants: readonly Variant[],
  ...causes: readonly Cause[]
): Promise<void> {
  for (const { what, causes: more = [], ...change } of variants) {
    const isRefused = [refused(...causes, ...more), nothingBroadcast, moved(0)];
    await t[endpoint](change)
      .expect(...(what === undefined ? isRefused : [trying(what, ...isRefused)]))
      .done();
  }
}

function without(key: string): Variant {
  return {
    what: `Without ${key}`,
    body: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== key)),
  };
}

function pricedAt(price: Json): Variant {
  return { what: `At the price ${JSON.stringify(price)}`, terms: (terms) => atPrice(terms, price) };
}

function termsWith(fields: JsonObject): Variant {
  return { what: `Terms with ${JSON.stringify(fields)}`, terms: (terms) => ({ ...terms, ...fields }) };
}

function inAuthorization(fields: JsonObject): Variant {
  return {
    what: `An authorization with ${JSON.stringify(fields)}`,
    payload: (payload) => ({
      ...payload,
      authorization: { ...Object(field(payload, "authorization")), ...fields },
    }),
  };
}
