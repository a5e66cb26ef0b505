import { expect, test } from "vitest";
import { diagnose } from "./diagnosis.ts";
import type { WireAnswer } from "./http.ts";

function answer(parts: { headers?: Record<string, string>; body?: unknown }): WireAnswer {
  return {
    kind: "answer",
    status: 402,
    headers: parts.headers ?? {},
    body: JSON.stringify(parts.body ?? {}),
  };
}

function challenged(challenge: unknown): WireAnswer {
  return answer({ headers: { "payment-required": btoa(JSON.stringify(challenge)) } });
}

const entry = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "1000",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  payTo: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};
const sound = { x402Version: 2, resource: { url: "http://127.0.0.1/weather" }, accepts: [entry] };

test("a sound challenge needs no advice", () => {
  expect(diagnose(challenged(sound))).toEqual([]);
});

test.each([
  ["not base64", "!!", "cannot be read: the value has a character outside base64"],
  ["not JSON", btoa("hello {"), "cannot be read: the header decodes to text that is not JSON"],
  ["no object", btoa("[]"), "cannot be read: the header decodes to"],
])("a header that is %s is told of, also where a body has the challenge", (_name, header, advice) => {
  const headers = { "payment-required": header };
  expect(diagnose(answer({ headers }))).toEqual([expect.stringContaining(advice)]);
  expect(diagnose(answer({ headers, body: sound }))).toEqual([expect.stringContaining(advice)]);
});

test.each([
  ["no accepts", { accepts: undefined }, '"accepts" is missing: write an array'],
  ["one offer without its array", { accepts: entry }, '"accepts" is an object with scheme,'],
  ["no offer", { accepts: [] }, '"accepts" is empty: offer at least one'],
  [
    "a timeout in text",
    { accepts: [{ ...entry, maxTimeoutSeconds: "60" }] },
    '"maxTimeoutSeconds" is "60": write',
  ],
])("%s is told of", (_name, parts, advice) => {
  expect(diagnose(challenged({ ...sound, ...parts }))).toEqual([expect.stringContaining(advice)]);
});

test.each([
  ["L402", { "www-authenticate": 'L402 macaroon="AGIAJE", invoice="lnbc1"' }, "L402"],
  ["LSAT", { "www-authenticate": 'LSAT macaroon="AGIAJE"' }, "L402"],
  ["HTTP Payment", { "www-authenticate": 'Payment id="x", method="tempo"' }, '"Payment" authentication'],
  ["a mandate", { "payment-required": "mandate=eyJhbGciOi" }, "mandate-based"],
])("a challenge of another protocol is named: %s", (_name, headers, name) => {
  const [only, ...more] = diagnose(answer({ headers }));
  expect(only).toContain(name);
  expect(more).toEqual([]);
});

test.each([
  ["L402", 'L402 macaroon="AGIAJE", invoice="lnbc1"'],
  ["HTTP Payment", 'Payment id="x", method="tempo"'],
])("%s beside x402 is another way to pay, and says nothing against the x402 challenge", (_name, other) => {
  const headers = { "www-authenticate": other };
  const v2 = { ...headers, "payment-required": btoa(JSON.stringify(sound)) };
  expect(diagnose(answer({ headers: v2 }))).toEqual([]);
  const broken = { ...headers, "payment-required": "!!" };
  expect(diagnose(answer({ headers: broken }))).toEqual([expect.stringContaining("cannot be read")]);
  expect(diagnose(answer({ headers, body: { ...sound, x402Version: 1 } }))).toEqual([
    expect.stringContaining("The challenge is x402 v1, in the body."),
  ]);
});

test("a word of fth-x402 inside of a sound challenge does not make it one of fth-x402", () => {
  const body = { ...sound, description: "Not of fth-x402/2.0." };
  expect(diagnose({ ...challenged(sound), body: JSON.stringify(body) })).toEqual([]);
});

test("fth-x402 is told from x402", () => {
  expect(diagnose(answer({ body: { protocol: "fth-x402/2.0", accepts: [] } }))).toEqual([
    expect.stringContaining("fth-x402"),
  ]);
});

test("a challenge as it is seen in the wild is put right field by field", () => {
  const wild = {
    version: "x402/1.0",
    accepts: [
      {
        scheme: "exact",
        network: "base-mainnet",
        maxAmountRequired: "0.25",
        asset: "USDC",
        payTo: "0xYOUR_WALLET",
        resource: "https://api.example/speak/{voice_id}",
      },
    ],
  };
  const advice = diagnose(answer({ body: wild })).join("\n");
  expect(advice).toContain("PAYMENT-REQUIRED header");
  expect(advice).toContain('Its version is "x402/1.0": write "x402Version": 2, a number.');
  expect(advice).toContain('write "eip155:8453" ("base" in x402 v1)');
  expect(advice).toContain('"250000" if the token has 6 decimals');
  expect(advice).toContain('"maxTimeoutSeconds"');
  expect(advice).toContain('"extra"');
  expect(advice).toContain('"0xYOUR_WALLET" looks like a placeholder');
  expect(advice).toContain('"{voice_id}" looks like a placeholder');
});

test("plain JSON in the header is told to be encoded", () => {
  expect(diagnose(answer({ headers: { "payment-required": JSON.stringify(sound) } }))).toEqual([
    "PAYMENT-REQUIRED holds plain JSON: encode it as standard base64.",
  ]);
});

test("a v1 challenge in the body is recognized", () => {
  expect(diagnose(answer({ body: { ...sound, x402Version: 1 } }))).toEqual([
    expect.stringContaining("x402 v1"),
  ]);
});

test("a sound v1 challenge needs no advice in v1, be it alone or beside v2", () => {
  const { amount, ...rest } = entry;
  const inBody = {
    x402Version: 1,
    error: "Payment required",
    accepts: [{ ...rest, network: "base-sepolia", maxAmountRequired: amount }],
  };
  expect(diagnose(answer({ body: inBody }), 1)).toEqual([]);
  expect(diagnose({ ...challenged(sound), body: JSON.stringify(inBody) }, 1)).toEqual([]);
  expect(diagnose({ ...challenged(sound), body: JSON.stringify(inBody) }, 2)).toEqual([]);
});

test("a v2 challenge is put right for v1", () => {
  const advice = diagnose(challenged(sound), 1).join("\n");
  expect(advice).toContain("For v1, send one as the body of the 402, too.");
  expect(advice).toContain('The network is "eip155:84532": x402 v1 calls it "base-sepolia".');
  expect(advice).toContain('The price of an entry is called "maxAmountRequired" in x402 v1.');
});

test.each([
  [8453, 'write "eip155:8453"'],
  ["84532", 'write "eip155:84532"'],
  ["base-sepolia", '"base-sepolia" is its name in x402 v1'],
  ["solana", "no CAIP-2 name"],
])("the network %j is put right", (network, advice) => {
  expect(diagnose(challenged({ ...sound, accepts: [{ ...entry, network }] })).join()).toContain(advice);
});

test("an asset in CAIP-19 is told to be an address alone, in either version", () => {
  const asset = `eip155:84532/erc20:${entry.asset}`;
  const advice = `The asset is named as CAIP-19 does: write its address alone, "${entry.asset}".`;
  expect(diagnose(challenged({ ...sound, accepts: [{ ...entry, asset }] }))).toEqual([advice]);
  const { amount, ...rest } = entry;
  const inV1 = { ...rest, network: "base-sepolia", maxAmountRequired: amount, asset };
  expect(diagnose(answer({ body: { x402Version: 1, accepts: [inV1] } }), 1)).toEqual([advice]);
});

test("an answer without any challenge gets no advice", () => {
  expect(diagnose(answer({ body: { error: "pay me" } }))).toEqual([]);
});
