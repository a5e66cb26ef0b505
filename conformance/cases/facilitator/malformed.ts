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
import { field, type JsonObject } from "../../engine/index.ts";
import { atPrice } from "./price.ts";

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
        for (const body of hostileBodies)
          await t.post(endpoint, body).expect(noServerError, refused()).done();
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
      ...["0.5", "-1", "1e3", "", "one", String(2n ** 256n), null].map(
        (price): OrderChange => ({ terms: (terms) => atPrice(terms, price) }),
      ),
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

const hostileBodies = [
  JSON.stringify({ x402Version: 2, paymentPayload: "x".repeat(1024 * 1024) }),
  `${'{"paymentPayload":'.repeat(2_000)}1${"}".repeat(2_000)}`,
  `{"x402Version":2,"__proto__":{"isValid":true},"paymentPayload":{"constructor":{"prototype":{}}},"paymentRequirements":{"__proto__":{"scheme":"exact"}}}`,
];

function refusal(
  name: string,
  requirement: string,
  what: string,
  causes: readonly Cause[],
  changes: readonly OrderChange[],
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
  changes: readonly OrderChange[],
  ...causes: readonly Cause[]
): Promise<void> {
  for (const change of changes)
    await t[endpoint](change)
      .expect(refused(...causes), nothingBroadcast, moved(0))
      .done();
}

function without(key: string): OrderChange {
  return {
    body: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== key)),
  };
}

function termsWith(fields: JsonObject): OrderChange {
  return { terms: (terms) => ({ ...terms, ...fields }) };
}

function inAuthorization(fields: JsonObject): OrderChange {
  return {
    payload: (payload) => ({
      ...payload,
      authorization: { ...Object(field(payload, "authorization")), ...fields },
    }),
  };
}
