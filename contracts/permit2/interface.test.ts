import { x402ExactPermit2ProxyABI, x402UptoPermit2ProxyABI } from "@x402/evm";
import { type Abi, keccak256, stringToHex, toEventSelector, toFunctionSelector } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestChain } from "../test/chain.ts";
import { permit2Address, proxies, schemes, startPermit2Chain } from "../test/permit2.ts";
import { exactProxyAbi, permit2Abi, proxyAbi, uptoProxyAbi } from "../test/permit2-abi.ts";

let chain: TestChain;

beforeAll(async () => {
  ({ chain } = await startPermit2Chain());
});
afterAll(() => chain.stop());

/** What a program sends and reads of each item: selector or topic, and what it is. Names of parameters are nobody's. */
function wire(abi: Abi): string[] {
  return abi.flatMap((item) => {
    if (item.type === "function") {
      const outputs = item.outputs.map(({ type }) => type);
      return `${toFunctionSelector(item)} function ${item.name} ${item.stateMutability} (${outputs})`;
    }
    if (item.type === "event") {
      const indexed = item.inputs.map((input) => input.indexed === true);
      return `${toEventSelector(item)} event ${item.name} (${indexed})`;
    }
    if (item.type !== "error") return [];
    const inputs = item.inputs.map(({ type }) => type);
    return `${toFunctionSelector(`${item.name}(${inputs})`)} error ${item.name}`;
  });
}

async function compiled(contract: string): Promise<string[]> {
  const { abi } = await chain.hre.artifacts.readArtifact(contract);
  return wire(abi as Abi);
}

/** Said by the real constructor, which ours have not. */
const constructorOnly = "InvalidPermit2Address";

it.each([
  { contract: "X402ExactPermit2Proxy", official: x402ExactPermit2ProxyABI as Abi, own: exactProxyAbi as Abi },
  { contract: "X402UptoPermit2Proxy", official: x402UptoPermit2ProxyABI as Abi, own: uptoProxyAbi as Abi },
])("$contract has what the official package calls and decodes", async ({ contract, official, own }) => {
  const found = await compiled(contract);
  const expected = wire(official).filter((item) => !item.endsWith(constructorOnly));
  expect(expected.length).toBeGreaterThan(10);
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found).toEqual(expect.arrayContaining(wire(own)));
});

it("MockPermit2 has what is written down of the real one, and nothing more", async () => {
  expect((await compiled("MockPermit2")).sort()).toEqual(wire(permit2Abi).sort());
});

/** Written down, not computed: what other programs have in their code. */
it.each([
  ["0x137c29fe", "permitWitnessTransferFrom"],
  ["0x4fe02b44", "nonceBitmap"],
  ["0x3ff9dcb1", "invalidateUnorderedNonces"],
  ["0x3644e515", "DOMAIN_SEPARATOR"],
  ["0xcd21db4f", "SignatureExpired"],
  ["0x3728b83d", "InvalidAmount"],
  ["0x756688fe", "InvalidNonce"],
  ["0x4be6321b", "InvalidSignatureLength"],
  ["0x8baa579f", "InvalidSignature"],
  ["0x815e1d64", "InvalidSigner"],
  ["0xb0669cbc", "InvalidContractSignature"],
  ["0x3704902f963766a4e561bbaab6e6cdc1b1dd12f6e9e99648da8843b3f46b918d", "UnorderedNonceInvalidation"],
])("%s is Permit2's %s", async (selector, name) => {
  const found = (await compiled("MockPermit2")).filter((item) => item.startsWith(`${selector} `));
  expect(found).toEqual([expect.stringMatching(new RegExp(` (function|error|event) ${name}( |$)`))]);
});

describe.each(schemes)("the proxy of %s", (scheme) => {
  const witness = {
    exact: "Witness(address to,uint256 validAfter)",
    upto: "Witness(address to,address facilitator,uint256 validAfter)",
  }[scheme];

  it("names Permit2 and the type of its witness", async () => {
    const proxy = { address: proxies[scheme], abi: proxyAbi } as const;
    const { readContract } = chain.client;
    expect(await readContract({ ...proxy, functionName: "PERMIT2" })).toBe(permit2Address);
    expect(await readContract({ ...proxy, functionName: "WITNESS_TYPE_STRING" })).toBe(
      `Witness witness)TokenPermissions(address token,uint256 amount)${witness}`,
    );
    expect(await readContract({ ...proxy, functionName: "WITNESS_TYPEHASH" })).toBe(
      keccak256(stringToHex(witness)),
    );
  });
});
