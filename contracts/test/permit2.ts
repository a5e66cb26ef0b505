import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  type LocalAccount,
  maxUint256,
  parseAbiParameters,
  parseSignature,
  stringToHex,
  toHex,
} from "viem";
import type { Permit } from "./authorization.ts";
import { accounts, startTestChain, type TestChain } from "./chain.ts";
import { exactProxyAbi, permit2Abi, proxyAbi, uptoProxyAbi } from "./permit2-abi.ts";
import { deployToken, type TestToken } from "./token.ts";

export const permit2Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

export type Scheme = "exact" | "upto";
export const schemes: readonly Scheme[] = ["exact", "upto"];
export const proxies = {
  exact: "0x402085c248EeA27D92E8b30b2C58ed07f9E20001",
  upto: "0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002",
} as const satisfies Record<Scheme, Address>;

/** What Permit2 is told beyond the stub that it knows, to hash the witness of `exact`. */
const exactWitnessType =
  "Witness witness)TokenPermissions(address token,uint256 amount)Witness(address to,uint256 validAfter)";

/** What the owner of tokens signs for Permit2. The witness is that of `upto` where it names a facilitator. */
export interface WitnessPermit {
  token: Address;
  amount: bigint;
  spender: Address;
  nonce: bigint;
  deadline: bigint;
  to: Address;
  validAfter: bigint;
  facilitator?: Address;
}

/** A permit with its signature, and what whoever spends it says besides: whose it is and how much is transferred. */
export interface SignedPermit {
  permit: WitnessPermit;
  signature: Hex;
  owner: Address;
  amount: bigint;
}

/** A chain with the token and, where the sandbox puts them, Permit2 and the proxies; the payer lets Permit2 transfer. */
export async function startPermit2Chain(): Promise<{ chain: TestChain; token: TestToken }> {
  const chain = await startTestChain({ errors: [...permit2Abi, ...proxyAbi] });
  const token = await deployToken(chain);
  await placeCode(chain, "MockPermit2", permit2Address);
  await placeCode(chain, "X402ExactPermit2Proxy", proxies.exact);
  await placeCode(chain, "X402UptoPermit2Proxy", proxies.upto);
  await token.send("approve", [permit2Address, maxUint256], accounts.payer.address);
  return { chain, token };
}

/** Puts the code of a compiled contract at an address. */
export async function placeCode(chain: TestChain, contract: string, address: Address): Promise<void> {
  const { deployedBytecode } = await chain.hre.artifacts.readArtifact(contract);
  await chain.client.setCode({ address, bytecode: deployedBytecode as Hex });
}

/** The payer permits 0.001 USDC to the payee, valid for a minute around now. */
export async function permitFor(
  chain: TestChain,
  token: Address,
  scheme: Scheme,
  fields: Partial<WitnessPermit> = {},
): Promise<WitnessPermit> {
  const now = await chain.now();
  return {
    token,
    amount: 1000n,
    spender: proxies[scheme],
    nonce: BigInt(toHex(crypto.getRandomValues(new Uint8Array(32)))),
    deadline: now + 60n,
    to: accounts.payee.address,
    validAfter: now - 60n,
    ...(scheme === "upto" && { facilitator: accounts.sender.address }),
    ...fields,
  };
}

const permitTypes = {
  PermitWitnessTransferFrom: [
    { name: "permitted", type: "TokenPermissions" },
    { name: "spender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
    { name: "witness", type: "Witness" },
  ],
  TokenPermissions: [
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
  ],
} as const;
const to = { name: "to", type: "address" } as const;
const facilitatorField = { name: "facilitator", type: "address" } as const;
const validAfterField = { name: "validAfter", type: "uint256" } as const;

export interface Permit2Domain {
  name: string;
  version?: string;
  chainId: number;
  verifyingContract: Address;
}

export async function signWitnessPermit(
  signer: Pick<LocalAccount, "signTypedData">,
  chain: TestChain,
  permit: WitnessPermit,
  domain: Partial<Permit2Domain> = {},
): Promise<Hex> {
  const { token, amount, spender, nonce, deadline, facilitator, validAfter } = permit;
  const signed = { permitted: { token, amount }, spender, nonce, deadline };
  const frame = {
    domain: { name: "Permit2", chainId: chain.chainId, verifyingContract: permit2Address, ...domain },
    primaryType: "PermitWitnessTransferFrom",
  } as const;
  return facilitator === undefined
    ? signer.signTypedData({
        ...frame,
        types: { ...permitTypes, Witness: [to, validAfterField] },
        message: { ...signed, witness: { to: permit.to, validAfter } },
      })
    : signer.signTypedData({
        ...frame,
        types: { ...permitTypes, Witness: [to, facilitatorField, validAfterField] },
        message: { ...signed, witness: { to: permit.to, facilitator, validAfter } },
      });
}

/** A call of Permit2 itself, by the spender, with the witness of `exact`. */
export function transferCall({ permit, signature, owner, amount }: SignedPermit) {
  const { token, nonce, deadline, spender } = permit;
  const witness = keccak256(
    encodeAbiParameters(parseAbiParameters("bytes32, address, uint256"), [
      keccak256(stringToHex("Witness(address to,uint256 validAfter)")),
      permit.to,
      permit.validAfter,
    ]),
  );
  const data = encodeFunctionData({
    abi: permit2Abi,
    functionName: "permitWitnessTransferFrom",
    args: [
      { permitted: { token, amount: permit.amount }, nonce, deadline },
      { to: permit.to, requestedAmount: amount },
      owner,
      witness,
      exactWitnessType,
      signature,
    ],
  });
  return { to: permit2Address, data, from: spender } as const;
}

/** An EIP-2612 permit of the owner, signed, as it is passed to `settleWithPermit`. */
export interface SignedAllowance {
  permit: Permit;
  signature: Hex;
}

/** A call of the scheme's proxy, by the facilitator; with `allowance`, one of `settleWithPermit`. */
export function settleCall(scheme: Scheme, signed: SignedPermit, allowance?: SignedAllowance) {
  const data = scheme === "exact" ? exactData(signed, allowance) : uptoData(signed, allowance);
  return { to: proxies[scheme], data, from: accounts.sender.address };
}

function exactData({ permit, signature, owner }: SignedPermit, allowance?: SignedAllowance): Hex {
  const rest = [
    transferFromOf(permit),
    owner,
    { to: permit.to, validAfter: permit.validAfter },
    signature,
  ] as const;
  return allowance === undefined
    ? encodeFunctionData({ abi: exactProxyAbi, functionName: "settle", args: rest })
    : encodeFunctionData({
        abi: exactProxyAbi,
        functionName: "settleWithPermit",
        args: [allowanceOf(allowance), ...rest],
      });
}

function uptoData({ permit, signature, owner, amount }: SignedPermit, allowance?: SignedAllowance): Hex {
  const { to, facilitator = accounts.sender.address, validAfter } = permit;
  const rest = [transferFromOf(permit), amount, owner, { to, facilitator, validAfter }, signature] as const;
  return allowance === undefined
    ? encodeFunctionData({ abi: uptoProxyAbi, functionName: "settle", args: rest })
    : encodeFunctionData({
        abi: uptoProxyAbi,
        functionName: "settleWithPermit",
        args: [allowanceOf(allowance), ...rest],
      });
}

function transferFromOf({ token, amount, nonce, deadline }: WitnessPermit) {
  return { permitted: { token, amount }, nonce, deadline };
}

function allowanceOf({ permit, signature }: SignedAllowance) {
  const { r, s, yParity } = parseSignature(signature);
  return { value: permit.value, deadline: permit.deadline, r, s, v: 27 + yParity };
}
