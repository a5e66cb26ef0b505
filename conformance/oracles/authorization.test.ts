import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { authorizationTypedData } from "#sandbox";
import { readAuthorization, signerOf } from "./authorization.ts";
import type { Json } from "./wire/index.ts";

const payer = privateKeyToAccount(generatePrivateKey());
const domain = {
  name: "USDC",
  version: "2",
  chainId: 84532,
  verifyingContract: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
} as const;
const authorization = {
  from: payer.address,
  to: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  value: "1000",
  validAfter: "0",
  validBefore: "1800000000",
  nonce: `0x${"ab".repeat(32)}`,
} as const;

/** An authorization that the sandbox's own typed data was signed for. */
async function signed() {
  const signature = await payer.signTypedData(authorizationTypedData(domain, authorization));
  return { signature, authorization };
}

test("what is signed by the sandbox's typed data is the payer's here, too", async () => {
  const reading = readAuthorization(await signed());
  expect(reading).toMatchObject({ kind: "authorization", authorization: { value: 1_000n } });
  if (reading.kind !== "authorization") throw new Error(reading.problem);
  expect(await signerOf(reading.authorization, domain)).toBe(payer.address);
  expect(await signerOf(reading.authorization, { ...domain, name: "USD Coin" })).not.toBe(payer.address);
});

test("a signature that is none has no signer", async () => {
  const reading = readAuthorization({ ...(await signed()), signature: "0x1234" });
  if (reading.kind !== "authorization") throw new Error(reading.problem);
  expect(await signerOf(reading.authorization, domain)).toBeUndefined();
});

test("numbers are read as numbers, nonsense is not read", async () => {
  const payload = await signed();
  const told = (value: Json) => ({ ...payload, authorization: { ...authorization, value } });
  expect(readAuthorization(told(1000))).toMatchObject({ authorization: { value: 1_000n } });
  for (const value of ["0x3e8", "1e3", -1, 0.5, null]) {
    expect(readAuthorization(told(value))).toMatchObject({ kind: "malformed" });
  }
  expect(readAuthorization(undefined)).toMatchObject({ kind: "malformed" });
});
