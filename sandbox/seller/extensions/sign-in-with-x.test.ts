import { wrapFetchWithSIWx } from "@x402/extensions/sign-in-with-x";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { namedAccounts } from "../../chain/index.ts";
import { type SignInProof, signInMessage, toBase64Json } from "../../protocol/index.ts";
import { referenceExtensions } from "../routes.ts";
import { challengeOf } from "../testing/buyer.ts";
import { openShop, type Shop, terms } from "../testing/shop.ts";

const weather = "/weather?city=Rome";
const payer = privateKeyToAccount(namedAccounts.payer.privateKey);
const stranger = privateKeyToAccount(namedAccounts.facilitator.privateKey);

function open(origin?: string) {
  return openShop({}, { extensions: referenceExtensions(namedAccounts.seller.privateKey), origin });
}

/** A proof for a fresh challenge, changed before it is signed. */
async function proofFor(shop: Shop, change: Partial<SignInProof> = {}, signer = payer): Promise<SignInProof> {
  const { extensions = {} } = challengeOf(await shop.ask(weather));
  const { info } = extensions["sign-in-with-x"] as { info: SignInProof };
  const proof = {
    ...info,
    address: payer.address,
    chainId: terms.network,
    type: "eip191" as const,
    ...change,
  };
  const signature = await signer.signMessage({ message: signInMessage(proof) ?? "" });
  return { ...proof, signature };
}

function signIn(shop: Shop, proof: SignInProof, path = weather) {
  return shop.ask(path, { headers: { "SIGN-IN-WITH-X": toBase64Json(proof) } });
}

async function paidShop(): Promise<Shop> {
  const shop = await open();
  expect((await shop.pay(weather, await shop.sign(weather))).status).toBe(200);
  return shop;
}

test("the official client signs in for what its account has paid", async () => {
  const shop = await paidShop();
  const answer = await wrapFetchWithSIWx(fetch, payer)(shop.url + weather);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("private");
  expect(await answer.json()).toMatchObject({ city: "Rome" });
  expect(shop.facilitator.count("settle")).toBe(1);
});

test("it opens the request that was paid for and no other, to its payer and nobody else", async () => {
  const shop = await paidShop();
  expect((await signIn(shop, await proofFor(shop), "/weather?city=Oslo")).status).toBe(402);
  const ofStranger = await proofFor(shop, { address: stranger.address }, stranger);
  expect((await signIn(shop, ofStranger)).status).toBe(402);
});

test("a proof opens once", async () => {
  const shop = await paidShop();
  const proof = await proofFor(shop);
  expect((await signIn(shop, proof)).status).toBe(200);
  const again = await signIn(shop, proof);
  expect(challengeOf(again).error).toBe("invalid_siwx_nonce");
});

const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString();

test.each<[string, Partial<SignInProof>]>([
  ["invalid_siwx_domain_mismatch", { domain: "evil.example" }],
  ["invalid_siwx_uri_mismatch", { uri: "https://evil.example/weather?city=Rome" }],
  ["invalid_siwx_uri_mismatch", { uri: "not a URL" }],
  ["invalid_siwx_issued_at_too_old", { issuedAt: minutes(-6) }],
  ["invalid_siwx_issued_at_too_old", { issuedAt: "yesterday" }],
  ["invalid_siwx_issued_at_in_future", { issuedAt: minutes(2) }],
  ["invalid_siwx_expired", { expirationTime: minutes(-1) }],
  ["invalid_siwx_not_yet_valid", { notBefore: minutes(2) }],
  ["invalid_siwx_unsupported_chain", { chainId: "eip155:1" }],
])("%s: %o", async (code, change) => {
  const shop = await paidShop();
  const answer = await signIn(shop, await proofFor(shop, change));
  expect(answer.status).toBe(402);
  expect(challengeOf(answer).error).toBe(code);
});

test("somebody else's signature is refused", async () => {
  const shop = await paidShop();
  const answer = await signIn(shop, await proofFor(shop, {}, stranger));
  expect(challengeOf(answer).error).toBe("invalid_siwx_signature");
});

test("the domain is the seller's own, not the one that the request names", async () => {
  const shop = await open("https://api.example.com");
  const { extensions } = challengeOf(await shop.ask(weather, { headers: { host: "evil.example" } }));
  expect(extensions?.["sign-in-with-x"]).toMatchObject({
    info: { domain: "api.example.com", uri: "https://api.example.com/weather?city=Rome" },
  });
});
