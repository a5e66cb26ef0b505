import {
  type Address,
  concat,
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseEther,
  size,
  toFunctionSelector,
  toHex,
} from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  proxies,
  type Scheme,
  schemes,
  settleCall,
  signWitnessPermit,
  startPermit2Chain,
  transferCall,
  type WitnessPermit,
} from "../test/permit2.ts";
import type { TestToken } from "../test/token.ts";

const { payer, payee, sender } = accounts;

/** Where the token is that calls back whenever it is called. */
const malicious = "0x0000000000000000000000000000000000bad000";

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(async () => {
  const undo = await chain.isolate();
  await chain.client.setBalance({ address: malicious, value: parseEther("1") });
  return undo;
});

async function signed(scheme: Scheme, fields: Partial<WitnessPermit> = {}) {
  const permit = await permitFor(chain, malicious, scheme, fields);
  const signature = await signWitnessPermit(payer, chain, permit);
  return { permit, signature, owner: payer.address, amount: permit.amount };
}

/** What the callbacks were answered in a transaction, the innermost first. */
async function answers(call: { to: Address; data: Hex; from: Address }): Promise<Hex[]> {
  const { logs } = await chain.send(call);
  return logs.filter(({ address }) => address === malicious).map(({ data }) => data);
}

describe("Permit2", () => {
  it("spends a nonce before the token is called: the callback finds it used", async () => {
    const call = transferCall(await signed("exact", { spender: malicious }));
    await callBack(call.to, call.data);
    expect(await answers(call)).toEqual([toFunctionSelector("InvalidNonce()")]);
  });

  it("lets a token spend another permit meanwhile, once", async () => {
    const call = transferCall(await signed("exact", { spender: malicious }));
    const other = transferCall(await signed("exact", { spender: malicious }));
    await callBack(other.to, other.data);
    expect(await answers(call)).toEqual([toFunctionSelector("InvalidNonce()"), "0x"]);
  });
});

describe.each(schemes)("the proxy of %s", (scheme) => {
  it("refuses a token that settles the same payment again", async () => {
    const call = settleCall(scheme, await signed(scheme));
    await callBack(call.to, call.data);
    expect(await answers(call)).toEqual([toFunctionSelector("ReentrancyGuardReentrantCall()")]);
  });

  it("refuses a token that settles another payment, with a permit, too", async () => {
    const other = await signed(scheme, scheme === "upto" ? { facilitator: malicious } : {});
    const permit = {
      owner: payer.address,
      spender: permit2Address,
      value: 1000n,
      nonce: 0n,
      deadline: 0n,
    } as const;
    const allowance = { permit, signature: other.signature };
    for (const call of [settleCall(scheme, other), settleCall(scheme, other, allowance)]) {
      await callBack(call.to, call.data);
      expect(await answers(settleCall(scheme, await signed(scheme)))).toEqual([
        toFunctionSelector("ReentrancyGuardReentrantCall()"),
      ]);
    }
  });

  it("settles several payments one after the other in one transaction", async () => {
    const multicall = await chain.deploy("Multicall3");
    const fields = { token: token.address, ...(scheme === "upto" && { facilitator: multicall }) };
    const calls = [
      settleCall(scheme, await signed(scheme, fields)),
      settleCall(scheme, await signed(scheme, fields)),
    ];
    const data = encodeFunctionData({
      abi: parseAbi(["function aggregate((address target, bytes callData)[] calls)"]),
      args: [calls.map(({ data }) => ({ target: proxies[scheme], callData: data }))],
    });
    await chain.send({ to: multicall, data, from: sender.address });
    expect(await token.balanceOf(payee.address)).toBe(2000n);
  });
});

/** Lets the token call back, log what it was answered, and return 1. */
function callBack(target: Address, data: Hex): Promise<void> {
  const length = toHex(size(data), { size: 2 });
  const bytecode = concat([
    ...(["0x61", length, "0x610040600039"] as const), // CODECOPY of the data, which follows the code
    ...(["0x6000600061", length, "0x6000600073", target, "0x5af150"] as const), // CALL, POP
    "0x3d600060003e3d6000a0", // RETURNDATACOPY, LOG0
    "0x600160005260206000f3", // RETURN 1
    data,
  ]);
  return chain.client.setCode({ address: malicious, bytecode });
}
