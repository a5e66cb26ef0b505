import { type Address, concat, type Hex, type LocalAccount, parseEther, parseSignature, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { highS, withV } from "../test/authorization.ts";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  type SignedPermit,
  signWitnessPermit,
  startPermit2Chain,
  transferCall,
} from "../test/permit2.ts";
import type { TestToken } from "../test/token.ts";

const { payer, payee, sender: spender, stranger } = accounts;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

async function signed(signer: LocalAccount = payer, owner: Address = payer.address): Promise<SignedPermit> {
  const permit = await permitFor(chain, token.address, "exact", { spender: spender.address });
  const signature = await signWitnessPermit(signer, chain, permit);
  return { permit, signature, owner, amount: permit.amount };
}

function attempt(spent: SignedPermit, signature: Hex = spent.signature): Promise<string> {
  return chain.attempt(transferCall({ ...spent, signature }));
}

/** ERC-2098: the parity of the point in the highest bit of `s`. */
function compact(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  return concat([r, toHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 })]);
}

it("takes 64 bytes (ERC-2098), for either parity", async () => {
  const seen = new Set<number>();
  while (seen.size < 2) {
    const spent = await signed();
    seen.add(parseSignature(spent.signature).yParity);
    await chain.send(transferCall({ ...spent, signature: compact(spent.signature) }));
    expect(await attempt(spent)).toBe("InvalidNonce()");
  }
});

it("refuses 64 bytes with the other parity", async () => {
  const spent = await signed();
  const last = BigInt(compact(spent.signature)) ^ (1n << 255n);
  expect(await attempt(spent, toHex(last, { size: 64 }))).toBe("InvalidSigner()");
});

it.each([0, 1, 32, 63, 66, 96, 128])("refuses %i bytes", async (length) => {
  const spent = await signed();
  const padded = `${spent.signature}${"00".repeat(128)}` as const;
  expect(await attempt(spent, `0x${padded.slice(2, 2 + 2 * length)}`)).toBe("InvalidSignatureLength()");
});

it("refuses the signature of somebody else", async () => {
  expect(await attempt(await signed(stranger))).toBe("InvalidSigner()");
});

it.each([0, 1, 26, 29, 255])("refuses a signature whose v is %i", async (v) => {
  const spent = await signed();
  expect(await attempt(spent, withV(spent.signature, v))).toBe("InvalidSignature()");
});

it("refuses a signature that recovers to no key, even for nobody", async () => {
  const none = withV(`0x${"00".repeat(65)}`, 27);
  expect(await attempt(await signed(), none)).toBe("InvalidSignature()");
  expect(await attempt(await signed(payer, `0x${"00".repeat(20)}`), none)).toBe("InvalidSignature()");
});

it("takes the malleable twin of a signature, though not after it", async () => {
  const spent = await signed();
  expect(await attempt(spent, highS(spent.signature))).toBe("accepted");
  await chain.send(transferCall(spent));
  expect(await attempt(spent, highS(spent.signature))).toBe("InvalidNonce()");
});

describe("an owner with code", () => {
  let wallet: Address;

  beforeEach(async () => {
    wallet = await chain.deploy("SmartWallet", [payer.address]);
    await token.send("mint", [wallet, 1000n]);
    await chain.client.setBalance({ address: wallet, value: parseEther("1") });
    await token.send("approve", [permit2Address, 1000n], wallet);
  });

  it("is asked (ERC-1271)", async () => {
    await chain.send(transferCall(await signed(payer, wallet)));
    expect(await token.balanceOf(payee.address)).toBe(1000n);
    expect(await token.balanceOf(wallet)).toBe(0n);
  });

  it.each([0, 64, 66])("says no to %i bytes, of which Permit2 thinks nothing", async (length) => {
    expect(await attempt(await signed(payer, wallet), `0x${"11".repeat(length)}`)).toBe(
      "InvalidContractSignature()",
    );
  });

  it("says no to the signature of somebody else", async () => {
    expect(await attempt(await signed(stranger, wallet))).toBe("InvalidContractSignature()");
  });

  it("is asked in the place of its key: an account that delegated its code (EIP-7702)", async () => {
    const spent = await signed();
    expect(await attempt(spent)).toBe("accepted");
    await chain.client.setCode({ address: payer.address, bytecode: concat(["0xef0100", wallet]) });
    expect(await attempt(spent)).toBe("accepted");
    const strangers = await chain.deploy("SmartWallet", [stranger.address]);
    await chain.client.setCode({ address: payer.address, bytecode: concat(["0xef0100", strangers]) });
    expect(await attempt(spent)).toBe("InvalidContractSignature()");
  });

  it("reverts as the owner does, where that knows no ERC-1271", async () => {
    const owner = await chain.deploy("Multicall3");
    expect(await attempt(await signed(payer, owner))).toBe("reverted without a reason");
  });
});
