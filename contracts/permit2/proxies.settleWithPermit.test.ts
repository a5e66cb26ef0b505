import {
  concat,
  encodeErrorResult,
  getAddress,
  type Hex,
  maxUint256,
  parseAbi,
  parseEventLogs,
  toHex,
} from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Permit, permitData, signPermit } from "../test/authorization.ts";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  type SignedAllowance,
  type SignedPermit,
  schemes,
  settleCall,
  signWitnessPermit,
  startPermit2Chain,
} from "../test/permit2.ts";
import { proxyAbi } from "../test/permit2-abi.ts";
import { eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, stranger } = accounts;
const zero = `0x${"00".repeat(20)}` as const;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

/** EIP-2612: the payer lets Permit2 transfer what is paid. */
async function allowance(fields: Partial<Permit> = {}): Promise<SignedAllowance> {
  const deadline = (await chain.now()) + 60n;
  const permit: Permit = {
    owner: payer.address,
    spender: permit2Address,
    value: 1000n,
    nonce: 0n,
    deadline,
    ...fields,
  };
  return { permit, signature: await signPermit(payer, token.domain, permit) };
}

describe.each(schemes)("settleWithPermit of %s", (scheme) => {
  let spent: SignedPermit;

  beforeEach(async () => {
    const permit = await permitFor(chain, token.address, scheme);
    const signature = await signWitnessPermit(payer, chain, permit);
    spent = { permit, signature, owner: payer.address, amount: permit.amount };
  });

  function withdrawAllowance() {
    return token.send("approve", [permit2Address, 0n], payer.address);
  }

  async function proxyEventsOf(signedAllowance: SignedAllowance) {
    const { logs } = await chain.send(settleCall(scheme, spent, signedAllowance));
    return parseEventLogs({ abi: proxyAbi, logs }).map(({ eventName, args }) => ({ eventName, args }));
  }

  it("pays with the allowance that the payer signed in the same transaction", async () => {
    await withdrawAllowance();
    expect(await chain.attempt(settleCall(scheme, spent))).toBe("TRANSFER_FROM_FAILED");
    const receipt = await chain.send(settleCall(scheme, spent, await allowance()));
    expect(eventsOf(receipt)).toEqual([
      { name: "Approval", args: { owner: payer.address, spender: permit2Address, value: 1000n } },
      { name: "Transfer", args: { from: payer.address, to: payee.address, value: 1000n } },
    ]);
    expect(parseEventLogs({ abi: proxyAbi, logs: receipt.logs }).map(({ eventName }) => eventName)).toEqual([
      "SettledWithPermit",
    ]);
    expect(await token.allowance(payer.address, permit2Address)).toBe(0n);
  });

  it("does not mind that somebody sent the permit before", async () => {
    await withdrawAllowance();
    const { permit, signature } = await allowance();
    await chain.send({ to: token.address, data: permitData(permit, signature) });
    expect(await proxyEventsOf({ permit, signature })).toMatchObject([
      {
        eventName: "EIP2612PermitFailedWithReason",
        args: {
          token: getAddress(token.address),
          owner: payer.address,
          reason: "EIP2612: invalid signature",
        },
      },
      { eventName: "SettledWithPermit" },
    ]);
    expect(await token.balanceOf(payee.address)).toBe(1000n);
  });

  it("a permit that fails does no harm where the allowance is there, and fails where it is not", async () => {
    const late = await allowance({ deadline: 1n });
    const failed = { eventName: "EIP2612PermitFailedWithReason" };
    await withdrawAllowance();
    expect(await chain.attempt(settleCall(scheme, spent, late))).toBe("TRANSFER_FROM_FAILED");
    await token.send("approve", [permit2Address, maxUint256], payer.address);
    expect(await proxyEventsOf(late)).toMatchObject([failed, { eventName: "SettledWithPermit" }]);
    expect(await token.balanceOf(payee.address)).toBe(1000n);
  });

  it("sets an allowance for Permit2 only, and the payer's only", async () => {
    await withdrawAllowance();
    const forAnother = await allowance({ spender: stranger.address });
    expect(await chain.attempt(settleCall(scheme, spent, forAnother))).toBe("TRANSFER_FROM_FAILED");
    const { permit } = await allowance();
    const ofAnother = { permit, signature: await signPermit(stranger, token.domain, permit) };
    expect(await chain.attempt(settleCall(scheme, spent, ofAnother))).toBe("TRANSFER_FROM_FAILED");
  });

  it.each([999n, 1001n, 0n, maxUint256])(
    "refuses a permit for %s where 1000 are permitted",
    async (value) => {
      const call = settleCall(scheme, spent, await allowance({ value }));
      expect(await chain.attempt(call)).toBe("Permit2612AmountMismatch()");
    },
  );

  it("says that the permit does not fit before what is wrong with the payment", async () => {
    const wrong = { ...spent, owner: zero, signature: "0x" as const };
    const call = settleCall(scheme, wrong, await allowance({ value: 1n }));
    expect(await chain.attempt(call)).toBe("Permit2612AmountMismatch()");
    expect(await chain.attempt(settleCall(scheme, wrong, await allowance()))).toBe("InvalidOwner()");
  });

  it("leaves no allowance behind when the payment fails", async () => {
    await withdrawAllowance();
    const call = settleCall(scheme, { ...spent, signature: "0x" }, await allowance());
    await expect(chain.send(call)).rejects.toThrow("InvalidSignatureLength");
    expect(await token.allowance(payer.address, permit2Address)).toBe(0n);
  });

  const refusals = parseAbi(["error Refused(uint256 code)", "error Error(string)", "error Panic(uint256)"]);
  it.each([
    {
      how: "a reason",
      data: encodeErrorResult({ abi: refusals, errorName: "Error", args: ["no"] }),
      event: { eventName: "EIP2612PermitFailedWithReason", args: { reason: "no" } },
    },
    {
      how: "a panic",
      data: encodeErrorResult({ abi: refusals, errorName: "Panic", args: [17n] }),
      event: { eventName: "EIP2612PermitFailedWithPanic", args: { errorCode: 17n } },
    },
    {
      how: "an error of its own",
      data: encodeErrorResult({ abi: refusals, errorName: "Refused", args: [5n] }),
      event: {
        eventName: "EIP2612PermitFailedWithData",
        args: { data: encodeErrorResult({ abi: refusals, errorName: "Refused", args: [5n] }) },
      },
    },
    {
      how: "nothing",
      data: "0x" as const,
      event: { eventName: "EIP2612PermitFailedWithData", args: { data: "0x" } },
    },
  ])("tells how the token's permit failed: with $how", async ({ data, event }) => {
    await chain.client.setCode({ address: token.address, bytecode: refusingPermits(data) });
    const [failed, settled] = await proxyEventsOf(await allowance());
    expect(failed).toMatchObject({
      ...event,
      args: { ...event.args, token: getAddress(token.address), owner: payer.address },
    });
    expect(settled).toMatchObject({ eventName: "SettledWithPermit" });
  });
});

it("upto: checks amount and caller before it touches the permit", async () => {
  const permit = await permitFor(chain, token.address, "upto");
  const signature = await signWitnessPermit(payer, chain, permit);
  const spent = { permit, signature, owner: payer.address, amount: 1001n };
  const from = stranger.address;
  const misfit = await allowance({ value: 1n });
  expect(await chain.attempt({ ...settleCall("upto", spent, misfit), from })).toBe(
    "AmountExceedsPermitted()",
  );
  const part = settleCall("upto", { ...spent, amount: 10n }, misfit);
  expect(await chain.attempt({ ...part, from })).toBe("UnauthorizedFacilitator()");
  expect(await chain.attempt(part)).toBe("Permit2612AmountMismatch()");
});

it("upto: the permit is for what is permitted, not for what is settled", async () => {
  await token.send("approve", [permit2Address, 0n], payer.address);
  const permit = await permitFor(chain, token.address, "upto");
  const signature = await signWitnessPermit(payer, chain, permit);
  const part = { permit, signature, owner: payer.address, amount: 10n };
  expect(await chain.attempt(settleCall("upto", part, await allowance({ value: 10n })))).toBe(
    "Permit2612AmountMismatch()",
  );
  await chain.send(settleCall("upto", part, await allowance()));
  expect(await token.balanceOf(payee.address)).toBe(10n);
  expect(await token.allowance(payer.address, permit2Address)).toBe(990n);
});

/** A token that answers `permit` by reverting with the data and everything else with 1. */
function refusingPermits(data: Hex): Hex {
  const size = toHex((data.length - 2) / 2, { size: 1 });
  const answersOne = "0x60003560e01c63d505accf14601957600160005260206000f3";
  return concat([answersOne, "0x5b60", size, "0x6026600039", "0x60", size, "0x6000fd", data]);
}
