import {
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
  type Hex,
  parseEventLogs,
  type TransactionReceipt,
} from "viem";
import { type Authorization, type Domain, freshNonce } from "./authorization.ts";
import { accounts, type TestChain } from "./chain.ts";
import { fiatTokenAbi } from "./fiat-token-abi.ts";

type FunctionName = ContractFunctionName<typeof fiatTokenAbi>;
type Args<name extends FunctionName> = ContractFunctionArgs<
  typeof fiatTokenAbi,
  "pure" | "view" | "nonpayable",
  name
>;

export type TestToken = ReturnType<typeof tokenAt>;

/** Deploys MockUSDC and gives the payer 10 USDC. */
export async function deployToken(chain: TestChain): Promise<TestToken> {
  const token = tokenAt(chain, await chain.deploy("MockUSDC"));
  await token.send("mint", [accounts.payer.address, 10_000_000n]);
  return token;
}

/** The token at an address: try, send and read its functions, and an authorization of the payer to start from. */
export function tokenAt(chain: TestChain, address: Address) {
  const { client } = chain;
  const domain: Domain = { name: "USDC", version: "2", chainId: chain.chainId, verifyingContract: address };

  return {
    address,
    domain,
    data: dataOf,

    /** The answer to a call that is only tried: "accepted" or the revert string. */
    attempt<const name extends FunctionName>(name: name, args: Args<name>, from?: Address): Promise<string> {
      return chain.attempt({
        to: address,
        data: dataOf(name, args),
        ...(from === undefined ? {} : { from }),
      });
    },

    send<const name extends FunctionName>(
      name: name,
      args: Args<name>,
      from?: Address,
    ): Promise<TransactionReceipt> {
      return chain.send({ to: address, data: dataOf(name, args), ...(from === undefined ? {} : { from }) });
    },

    balanceOf(account: Address): Promise<bigint> {
      return client.readContract({ address, abi: fiatTokenAbi, functionName: "balanceOf", args: [account] });
    },

    allowance(owner: Address, spender: Address): Promise<bigint> {
      return client.readContract({
        address,
        abi: fiatTokenAbi,
        functionName: "allowance",
        args: [owner, spender],
      });
    },

    isSpent(authorizer: Address, nonce: Hex): Promise<boolean> {
      return client.readContract({
        address,
        abi: fiatTokenAbi,
        functionName: "authorizationState",
        args: [authorizer, nonce],
      });
    },

    /** The payer pays 0.001 USDC to the payee, valid for a minute around now. */
    async authorization(fields: Partial<Authorization> = {}): Promise<Authorization> {
      const now = await chain.now();
      return {
        from: accounts.payer.address,
        to: accounts.payee.address,
        value: 1000n,
        validAfter: now - 60n,
        validBefore: now + 60n,
        nonce: freshNonce(),
        ...fields,
      };
    },
  };
}

/** The token's events in a receipt, in their order. */
export function eventsOf(receipt: TransactionReceipt): { name: string; args: unknown }[] {
  return parseEventLogs({ abi: fiatTokenAbi, logs: receipt.logs }).map(({ eventName, args }) => ({
    name: eventName,
    args: args ?? {},
  }));
}

function dataOf<const name extends FunctionName>(functionName: name, args: Args<name>): Hex {
  return encodeFunctionData({ abi: fiatTokenAbi, functionName, args } as EncodeFunctionDataParameters);
}
