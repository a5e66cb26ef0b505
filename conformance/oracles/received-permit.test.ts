import { permit2WitnessTypes, uptoPermit2WitnessTypes } from "@x402/evm";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { permit2Address, permit2Proxies } from "./permit2.ts";
import { permitSignerOf, readPermit } from "./received-permit.ts";
import type { Json } from "./wire/index.ts";

const payer = privateKeyToAccount(generatePrivateKey());
const token = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
const to = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const facilitator = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720";
const domain = { name: "Permit2", chainId: 84532, verifyingContract: permit2Address } as const;
const primaryType = "PermitWitnessTransferFrom";

const schemes = ["exact", "upto"] as const;

/** A payload that was signed by the official package's types. */
async function signed(scheme: (typeof schemes)[number]) {
  const spender = permit2Proxies[scheme];
  const permit = {
    permitted: { token, amount: 1_000n },
    spender,
    nonce: 7n,
    deadline: 1_800_000_000n,
  } as const;
  const signature = await (scheme === "exact"
    ? payer.signTypedData({
        domain,
        types: permit2WitnessTypes,
        primaryType,
        message: { ...permit, witness: { to, validAfter: 0n } },
      })
    : payer.signTypedData({
        domain,
        types: uptoPermit2WitnessTypes,
        primaryType,
        message: { ...permit, witness: { to, facilitator, validAfter: 0n } },
      }));
  const permit2Authorization = {
    permitted: { token, amount: "1000" },
    from: payer.address,
    spender,
    nonce: "7",
    deadline: "1800000000",
    witness: scheme === "exact" ? { to, validAfter: "0" } : { to, facilitator, validAfter: "0" },
  };
  return { signature, permit2Authorization };
}

function read(payload: Json) {
  const reading = readPermit(payload);
  if (reading.kind === "malformed") throw new Error(reading.problem);
  return reading.permit;
}

test.each(schemes)("what is signed of %s by the official types is the payer's here, too", async (scheme) => {
  const permit = read(await signed(scheme));
  expect(permit).toMatchObject({ permitted: { amount: 1_000n }, nonce: 7n });
  expect(await permitSignerOf(permit, scheme, domain)).toBe(payer.address);
});

test.each(schemes)("nothing of %s can be changed after it was signed", async (scheme) => {
  const permit = read(await signed(scheme));
  const other = scheme === "exact" ? "upto" : "exact";
  const changed = [
    { ...permit, spender: permit2Proxies[other] },
    { ...permit, permitted: { token, amount: 1_001n } as const },
    { ...permit, permitted: { token: to, amount: 1_000n } as const },
    { ...permit, nonce: 8n },
    { ...permit, deadline: 1_800_000_001n },
    { ...permit, witness: { ...permit.witness, to: token } as const },
    { ...permit, witness: { ...permit.witness, validAfter: 1n } },
  ];
  for (const forged of changed) expect(await permitSignerOf(forged, scheme, domain)).not.toBe(payer.address);
  expect(await permitSignerOf(permit, other, domain)).not.toBe(payer.address);
  expect(await permitSignerOf(permit, scheme, { ...domain, chainId: 8453 })).not.toBe(payer.address);
});

test("a permit of upto belongs to its facilitator", async () => {
  const permit = read(await signed("upto"));
  const forged = { ...permit, witness: { ...permit.witness, facilitator: to } } as const;
  expect(await permitSignerOf(forged, "upto", domain)).not.toBe(payer.address);
});

test("a signature that is none has no signer", async () => {
  const permit = read({ ...(await signed("exact")), signature: "0x1234" });
  expect(await permitSignerOf(permit, "exact", domain)).toBeUndefined();
});

test.each<[string, Json | undefined]>([
  ["nothing", undefined],
  ["no permit", { signature: "0x12" }],
  ["no witness", { signature: "0x12", permit2Authorization: { from: to } }],
])("%s is malformed", (_, payload) => {
  expect(readPermit(payload)).toMatchObject({ kind: "malformed" });
});
