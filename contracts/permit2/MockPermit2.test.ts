import { encodeAbiParameters, keccak256, maxUint256, parseAbiParameters, stringToHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  type Permit2Domain,
  permit2Address,
  permitFor,
  type SignedPermit,
  signWitnessPermit,
  startPermit2Chain,
  transferCall,
  type WitnessPermit,
} from "../test/permit2.ts";
import { permit2Abi } from "../test/permit2-abi.ts";
import { eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, sender: spender, stranger } = accounts;
const zero = `0x${"00".repeat(20)}` as const;
const held = 10_000_000n;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

/** A permit of the payer that the spender may spend. */
async function signed(fields: Partial<WitnessPermit> = {}, domain: Partial<Permit2Domain> = {}) {
  const permit = await permitFor(chain, token.address, "exact", { spender: spender.address, ...fields });
  const signature = await signWitnessPermit(payer, chain, permit, domain);
  return { permit, signature, owner: payer.address, amount: permit.amount };
}

function attempt(spent: SignedPermit): Promise<string> {
  return chain.attempt(transferCall(spent));
}

it("moves what is permitted, and says nothing itself", async () => {
  const receipt = await chain.send(transferCall(await signed()));
  expect(eventsOf(receipt)).toEqual([
    { name: "Transfer", args: { from: payer.address, to: payee.address, value: 1000n } },
  ]);
  expect(receipt.logs).toHaveLength(1);
  expect(await token.balanceOf(payer.address)).toBe(held - 1000n);
  expect(await token.balanceOf(payee.address)).toBe(1000n);
});

it("works once", async () => {
  const call = transferCall(await signed());
  await chain.send(call);
  expect(await chain.attempt(call)).toBe("InvalidNonce()");
});

it.each([
  { second: "one before the deadline", at: 999n, accepted: true },
  { second: "the deadline itself", at: 1000n, accepted: true },
  { second: "one after the deadline", at: 1001n, accepted: false },
])("in the second $second: accepted $accepted", async ({ at, accepted }) => {
  const start = await chain.now();
  const deadline = start + 1000n;
  const call = transferCall(await signed({ deadline }));
  expect(await chain.attempt({ ...call, at: start + at })).toBe(
    accepted ? "accepted" : `SignatureExpired(${deadline})`,
  );
});

it("has no end with the greatest deadline", async () => {
  expect(await attempt(await signed({ deadline: maxUint256 }))).toBe("accepted");
});

it.each([
  { amount: 0n, answer: "accepted" },
  { amount: 1n, answer: "accepted" },
  { amount: 999n, answer: "accepted" },
  { amount: 1000n, answer: "accepted" },
  { amount: 1001n, answer: "InvalidAmount(1000)" },
  { amount: maxUint256, answer: "InvalidAmount(1000)" },
])("of 1000 permitted, $amount are requested: $answer", async ({ amount, answer }) => {
  expect(await attempt({ ...(await signed()), amount })).toBe(answer);
});

it("spends the permit with any part of it", async () => {
  const spent = await signed();
  await chain.send(transferCall({ ...spent, amount: 1n }));
  expect(await token.balanceOf(payee.address)).toBe(1n);
  expect(await attempt({ ...spent, amount: 1n })).toBe("InvalidNonce()");
});

describe("what was not signed", () => {
  it.each(["token", "amount", "nonce", "deadline", "to", "validAfter"] as const)(
    "another %s than signed",
    async (field) => {
      const spent = await signed();
      const { permit } = spent;
      const changed: WitnessPermit = {
        ...permit,
        ...(field === "token" && { token: await chain.deploy("MockUSDC") }),
        ...(field === "amount" && { amount: permit.amount + 1n }),
        ...(field === "nonce" && { nonce: permit.nonce ^ 1n }),
        ...(field === "deadline" && { deadline: permit.deadline + 1n }),
        ...(field === "to" && { to: stranger.address }),
        ...(field === "validAfter" && { validAfter: permit.validAfter - 1n }),
      };
      expect(await attempt({ ...spent, permit: changed })).toBe("InvalidSigner()");
      expect(await attempt(spent)).toBe("accepted");
    },
  );

  it("another spender: a permit for somebody else is of no use to the caller, even its owner", async () => {
    const call = transferCall(await signed());
    for (const { address } of [payee, payer, stranger])
      expect(await chain.attempt({ ...call, from: address })).toBe("InvalidSigner()");
  });

  it("another owner", async () => {
    expect(await attempt({ ...(await signed()), owner: stranger.address })).toBe("InvalidSigner()");
    expect(await attempt({ ...(await signed()), owner: zero })).toBe("InvalidSigner()");
  });

  it("a witness of another type, though its members are the same", async () => {
    const spent = await signed({ facilitator: spender.address });
    expect(await attempt(spent)).toBe("InvalidSigner()");
  });

  it.each([
    { part: "chain", domain: { chainId: 1 } },
    { part: "contract", domain: { verifyingContract: stranger.address } },
    { part: "name", domain: { name: "Permit" } },
    { part: "version", domain: { version: "1" } },
  ])("a domain with another $part", async ({ domain }) => {
    expect(await attempt(await signed({}, domain))).toBe("InvalidSigner()");
  });
});

describe("when several things are wrong, the first of this order is said", () => {
  const faults = [
    { fault: "expired", answer: /^SignatureExpired\(\d+\)$/ },
    { fault: "more than permitted", answer: /^InvalidAmount\(1000\)$/ },
    { fault: "nonce used", answer: /^InvalidNonce\(\)$/ },
    { fault: "signature of no length", answer: /^InvalidSignatureLength\(\)$/ },
    { fault: "no allowance", answer: /^TRANSFER_FROM_FAILED$/ },
  ] as const;

  it.each(faults.map((fault, index) => ({ ...fault, index })))("$fault", async ({ answer, index }) => {
    const wrong = new Set(faults.slice(index).map(({ fault }) => fault));
    const now = await chain.now();
    const spent = await signed(wrong.has("expired") ? { deadline: now - 1n } : {});
    const { nonce } = spent.permit;
    if (wrong.has("nonce used"))
      await chain.send({ to: permit2Address, data: transferCall(await signed({ nonce })).data });
    await token.send("approve", [permit2Address, 0n], payer.address);
    const call = transferCall({
      ...spent,
      amount: wrong.has("more than permitted") ? 1001n : 1000n,
      signature: wrong.has("signature of no length") ? "0x" : spent.signature,
    });
    expect(await chain.attempt(call)).toMatch(answer);
  });
});

it("DOMAIN_SEPARATOR is that of EIP-712 without a version", async () => {
  const { client, chainId } = chain;
  expect(
    await client.readContract({
      address: permit2Address,
      abi: permit2Abi,
      functionName: "DOMAIN_SEPARATOR",
    }),
  ).toBe(
    keccak256(
      encodeAbiParameters(parseAbiParameters("bytes32, bytes32, uint256, address"), [
        keccak256(stringToHex("EIP712Domain(string name,uint256 chainId,address verifyingContract)")),
        keccak256(stringToHex("Permit2")),
        BigInt(chainId),
        permit2Address,
      ]),
    ),
  );
});
