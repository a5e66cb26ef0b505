import {
  type Abi,
  type AbiParameter,
  domainSeparator,
  encodeAbiParameters,
  type Hex,
  keccak256,
  pad,
  toHex,
} from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { permitData, signPermit, signTransfer, transferData } from "./test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "./test/chain.ts";
import { fiatTokenAbi } from "./test/fiat-token-abi.ts";
import { deployToken, type TestToken, tokenAt } from "./test/token.ts";

const { payer, payee, sender } = accounts;

/** Where USDC lives on Base Sepolia. */
const usdcAddress = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

it.each([
  { functionName: "name", value: "USDC" },
  { functionName: "symbol", value: "USDC" },
  { functionName: "decimals", value: 6 },
  { functionName: "currency", value: "USD" },
  { functionName: "version", value: "2" },
] as const)("$functionName is $value", async ({ functionName, value }) => {
  expect(await chain.client.readContract({ address: token.address, abi: fiatTokenAbi, functionName })).toBe(
    value,
  );
});

it("has exactly the interface that the tests know", async () => {
  const { abi } = await chain.hre.artifacts.readArtifact("MockUSDC");
  expect(signatures(abi as Abi)).toEqual(signatures(fiatTokenAbi));
});

it("DOMAIN_SEPARATOR is that of the EIP-712 domain", async () => {
  expect(await separator(token)).toBe(domainSeparator({ domain: token.domain }));
});

describe("its runtime code, placed at another address", () => {
  beforeEach(() => placeCode(chain));

  it("has that address in its domain and works", async () => {
    const placed = tokenAt(chain, usdcAddress);
    expect(await separator(placed)).toBe(domainSeparator({ domain: placed.domain }));
    expect(await separator(placed)).not.toBe(await separator(token));
    await placed.send("mint", [payer.address, 5000n]);
    await pay(placed);
    expect(await placed.balanceOf(payee.address)).toBe(1000n);
    expect(await token.balanceOf(payee.address)).toBe(0n);
  });

  it("refuses a signature for the address that it was deployed at", async () => {
    const placed = tokenAt(chain, usdcAddress);
    await placed.send("mint", [payer.address, 5000n]);
    const authorization = await placed.authorization();
    const call = async (domain: TestToken["domain"]) => ({
      to: placed.address,
      data: transferData(authorization, await signTransfer(payer, domain, authorization)),
    });
    expect(await chain.attempt(await call(token.domain))).toBe("FiatTokenV2: invalid signature");
    expect(await chain.attempt(await call(placed.domain))).toBe("accepted");
  });

  it("has the chain that it runs on in its domain", async () => {
    const other = await startTestChain({ chainId: 8453 });
    try {
      await other.client.setCode({ address: usdcAddress, bytecode: await runtimeCode() });
      const placed = tokenAt(other, usdcAddress);
      expect(await separator(placed, other)).toBe(domainSeparator({ domain: placed.domain }));
      await placed.send("mint", [payer.address, 5000n]);
      await pay(placed, other);
      expect(await placed.balanceOf(payee.address)).toBe(1000n);
    } finally {
      await other.stop();
    }
  });
});

describe("placed over the real token of a fork", () => {
  /** The state of a FiatTokenV2_2 behind its proxy, in its own slots. */
  beforeEach(async () => {
    const address = pad("0xffffffffffffffffffffffffffffffffffffffff");
    const text = pad(toHex("USDC"), { dir: "right", size: 31 });
    await store(0n, address); // owner
    await store(1n, address); // pauser, not paused
    await store(2n, address); // blacklister
    await store(4n, `${text}08`); // name
    await store(6n, pad("0x06")); // decimals
    await store(8n, pad("0x01ffffffffffffffffffffffffffffffffffffffff")); // initialized, masterMinter
    await store(mapping(9n, payer.address), pad(toHex(5000n)));
    await store(mapping(9n, sender.address), toHex(2n ** 255n + 70n)); // blacklisted, with a balance
    await store(nested(10n, payer.address, payee.address), pad(toHex(300n)));
    await store(11n, pad(toHex(1_000_000n)));
    await store(14n, address); // rescuer
    await store(nested(16n, payer.address, pad("0x01")), pad("0x01"));
    await store(mapping(17n, payer.address), pad("0x07"));
    await placeCode(chain);
  });

  it("keeps balances, supply, allowances and the blacklist", async () => {
    const forked = tokenAt(chain, usdcAddress);
    expect(await forked.balanceOf(payer.address)).toBe(5000n);
    expect(await forked.balanceOf(sender.address)).toBe(70n);
    expect(await forked.allowance(payer.address, payee.address)).toBe(300n);
    expect(
      await chain.client.readContract({
        address: usdcAddress,
        abi: fiatTokenAbi,
        functionName: "totalSupply",
      }),
    ).toBe(1_000_000n);
    expect(await forked.attempt("transfer", [sender.address, 1n], payer.address)).toBe(
      "Blacklistable: account is blacklisted",
    );
  });

  it("keeps used authorizations and permit nonces", async () => {
    const forked = tokenAt(chain, usdcAddress);
    expect(await forked.isSpent(payer.address, pad("0x01"))).toBe(true);
    const permit = {
      owner: payer.address,
      spender: payee.address,
      value: 1n,
      nonce: 7n,
      deadline: 2n ** 64n,
    };
    const data = permitData(permit, await signPermit(payer, forked.domain, permit));
    expect(await chain.attempt({ to: usdcAddress, data })).toBe("accepted");
  });

  it("is not paused by what it finds, and pays", async () => {
    const forked = tokenAt(chain, usdcAddress);
    await pay(forked);
    expect(await forked.balanceOf(payee.address)).toBe(1000n);
  });

  it("finds a paused token paused", async () => {
    await store(1n, pad("0x01ffffffffffffffffffffffffffffffffffffffff"));
    const forked = tokenAt(chain, usdcAddress);
    expect(await forked.attempt("transfer", [payee.address, 1n], payer.address)).toBe("Pausable: paused");
  });

  async function store(slot: bigint | Hex, value: Hex): Promise<void> {
    const index = typeof slot === "bigint" ? toHex(slot, { size: 32 }) : slot;
    await chain.client.setStorageAt({ address: usdcAddress, index, value });
  }

  function mapping(slot: bigint, key: Hex): Hex {
    return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [pad(key), slot]));
  }

  function nested(slot: bigint, outer: Hex, inner: Hex): Hex {
    return mapping(BigInt(mapping(slot, outer)), inner);
  }
});

async function runtimeCode(): Promise<Hex> {
  return (await chain.client.getCode({ address: token.address })) ?? "0x";
}

async function placeCode({ client }: TestChain): Promise<void> {
  await client.setCode({ address: usdcAddress, bytecode: await runtimeCode() });
}

async function pay(on: TestToken, where = chain): Promise<void> {
  const authorization = await on.authorization();
  const signature = await signTransfer(payer, on.domain, authorization);
  await where.send({ to: on.address, data: transferData(authorization, signature) });
}

function separator({ address }: TestToken, where = chain): Promise<Hex> {
  return where.client.readContract({ address, abi: fiatTokenAbi, functionName: "DOMAIN_SEPARATOR" });
}

/** One line per function and event: types, mutability and which event fields are indexed, in alphabetical order. */
function signatures(abi: Abi): string[] {
  const list = (parameters: readonly (AbiParameter & { readonly indexed?: boolean | undefined })[]) =>
    parameters.map(({ type, indexed }) => (indexed ? `${type} indexed` : type)).join(",");
  const lines = abi.flatMap((item) => {
    if (item.type === "event") return `event ${item.name}(${list(item.inputs)})`;
    if (item.type !== "function") return [];
    // Whether a function is pure or view makes no difference to its callers.
    const mutability = item.stateMutability === "pure" ? "view" : item.stateMutability;
    return `function ${item.name}(${list(item.inputs)}) ${mutability} (${list(item.outputs)})`;
  });
  return lines.sort();
}
