import { maxUint256 } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { fiatTokenAbi } from "../test/fiat-token-abi.ts";
import { deployToken, eventsOf, type TestToken } from "../test/token.ts";

const { sender } = accounts;
const payer = accounts.payer.address;
const payee = accounts.payee.address;
const spender = sender.address;
const zero = `0x${"00".repeat(20)}` as const;
const greatestBalance = 2n ** 255n - 1n;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

describe("transfer", () => {
  it("moves the value and says so", async () => {
    const receipt = await token.send("transfer", [payee, 400n], payer);
    expect(eventsOf(receipt)).toEqual([{ name: "Transfer", args: { from: payer, to: payee, value: 400n } }]);
    expect(await token.balanceOf(payer)).toBe(9_999_600n);
    expect(await token.balanceOf(payee)).toBe(400n);
  });

  it("moves at most the balance", async () => {
    expect(await token.attempt("transfer", [payee, 10_000_000n], payer)).toBe("accepted");
    expect(await token.attempt("transfer", [payee, 10_000_001n], payer)).toBe(
      "ERC20: transfer amount exceeds balance",
    );
  });

  it("refuses the zero address on either side", async () => {
    expect(await token.attempt("transfer", [zero, 1n], payer)).toBe("ERC20: transfer to the zero address");
    expect(await token.attempt("transfer", [payee, 0n], zero)).toBe("ERC20: transfer from the zero address");
  });

  it("refuses to pay the token itself", async () => {
    expect(await token.attempt("transfer", [token.address, 1n], payer)).toBe(
      "Blacklistable: account is blacklisted",
    );
  });

  it("changes nothing when an account pays itself", async () => {
    await token.send("transfer", [payer, 10_000_000n], payer);
    expect(await token.balanceOf(payer)).toBe(10_000_000n);
  });
});

describe("transferFrom", () => {
  it("moves the value and counts the allowance down, without another Approval", async () => {
    await token.send("approve", [spender, 500n], payer);
    const receipt = await token.send("transferFrom", [payer, payee, 400n], spender);
    expect(eventsOf(receipt)).toEqual([{ name: "Transfer", args: { from: payer, to: payee, value: 400n } }]);
    expect(await token.balanceOf(payee)).toBe(400n);
    expect(await token.allowance(payer, spender)).toBe(100n);
  });

  it("moves at most the allowance, then at most the balance", async () => {
    await token.send("approve", [spender, 500n], payer);
    expect(await token.attempt("transferFrom", [payer, payee, 500n], spender)).toBe("accepted");
    expect(await token.attempt("transferFrom", [payer, payee, 501n], spender)).toBe(
      "ERC20: transfer amount exceeds allowance",
    );
    await token.send("approve", [spender, maxUint256], payer);
    expect(await token.attempt("transferFrom", [payer, payee, 10_000_001n], spender)).toBe(
      "ERC20: transfer amount exceeds balance",
    );
  });

  it("counts even the greatest allowance down", async () => {
    await token.send("approve", [spender, maxUint256], payer);
    await token.send("transferFrom", [payer, payee, 1n], spender);
    expect(await token.allowance(payer, spender)).toBe(maxUint256 - 1n);
  });

  it("refuses the zero address on either side", async () => {
    await token.send("approve", [spender, 500n], payer);
    expect(await token.attempt("transferFrom", [payer, zero, 1n], spender)).toBe(
      "ERC20: transfer to the zero address",
    );
    expect(await token.attempt("transferFrom", [zero, payee, 0n], spender)).toBe(
      "ERC20: transfer from the zero address",
    );
  });
});

describe("allowances", () => {
  it("approve sets, increaseAllowance adds and decreaseAllowance takes away, each with an Approval", async () => {
    const steps = [
      { receipt: await token.send("approve", [spender, 500n], payer), value: 500n },
      { receipt: await token.send("increaseAllowance", [spender, 50n], payer), value: 550n },
      { receipt: await token.send("decreaseAllowance", [spender, 100n], payer), value: 450n },
    ];
    for (const { receipt, value } of steps) {
      expect(eventsOf(receipt)).toEqual([{ name: "Approval", args: { owner: payer, spender, value } }]);
    }
    expect(await token.allowance(payer, spender)).toBe(450n);
  });

  it("go neither below zero nor above 2^256 - 1", async () => {
    await token.send("approve", [spender, 500n], payer);
    expect(await token.attempt("decreaseAllowance", [spender, 500n], payer)).toBe("accepted");
    expect(await token.attempt("decreaseAllowance", [spender, 501n], payer)).toBe(
      "ERC20: decreased allowance below zero",
    );
    expect(await token.attempt("increaseAllowance", [spender, maxUint256 - 500n], payer)).toBe("accepted");
    expect(await token.attempt("increaseAllowance", [spender, maxUint256 - 499n], payer)).toBe(
      "SafeMath: addition overflow",
    );
  });

  it.each(["approve", "increaseAllowance", "decreaseAllowance"] as const)(
    "%s refuses the zero address on either side",
    async (name) => {
      expect(await token.attempt(name, [zero, 0n], payer)).toBe("ERC20: approve to the zero address");
      expect(await token.attempt(name, [spender, 0n], zero)).toBe("ERC20: approve from the zero address");
    },
  );
});

describe("mint", () => {
  it("creates tokens for anybody who asks, and says so", async () => {
    const before = await supply();
    const receipt = await token.send("mint", [payee, 5n], spender);
    expect(eventsOf(receipt)).toEqual([
      { name: "Mint", args: { minter: spender, to: payee, amount: 5n } },
      { name: "Transfer", args: { from: zero, to: payee, value: 5n } },
    ]);
    expect(await token.balanceOf(payee)).toBe(5n);
    expect(await supply()).toBe(before + 5n);
  });

  it("refuses nothing and nobody", async () => {
    expect(await token.attempt("mint", [zero, 1n])).toBe("FiatToken: mint to the zero address");
    expect(await token.attempt("mint", [payee, 0n])).toBe("FiatToken: mint amount not greater than 0");
    expect(await token.attempt("mint", [payee, 1n])).toBe("accepted");
  });

  it("refuses more than a balance of 2^255 - 1", async () => {
    expect(await token.attempt("mint", [payee, greatestBalance])).toBe("accepted");
    expect(await token.attempt("mint", [payee, greatestBalance + 1n])).toBe(
      "FiatTokenV2_2: Balance exceeds (2^255 - 1)",
    );
  });

  it("refuses a supply above 2^256 - 1", async () => {
    const room = maxUint256 - (await supply()) - greatestBalance;
    await token.send("mint", [payee, greatestBalance]);
    expect(await token.attempt("mint", [spender, room])).toBe("accepted");
    expect(await token.attempt("mint", [spender, room + 1n])).toBe("SafeMath: addition overflow");
  });

  it("a transfer refuses more than a balance of 2^255 - 1", async () => {
    await token.send("mint", [payee, greatestBalance - 1n]);
    expect(await token.attempt("transfer", [payee, 1n], payer)).toBe("accepted");
    expect(await token.attempt("transfer", [payee, 2n], payer)).toBe(
      "FiatTokenV2_2: Balance exceeds (2^255 - 1)",
    );
  });
});

describe("pause", () => {
  it("anybody may pause and unpause, and it is said", async () => {
    expect(await isPaused()).toBe(false);
    expect(eventsOf(await token.send("pause", [], payer))).toEqual([{ name: "Pause", args: {} }]);
    expect(await isPaused()).toBe(true);
    expect(eventsOf(await token.send("unpause", [], payee))).toEqual([{ name: "Unpause", args: {} }]);
    expect(await isPaused()).toBe(false);
  });

  it("stops transfers, allowances and minting until it is lifted", async () => {
    const attempts = () =>
      Promise.all([
        token.attempt("transfer", [payee, 1n], payer),
        token.attempt("transferFrom", [payer, payee, 0n], spender),
        token.attempt("approve", [spender, 1n], payer),
        token.attempt("increaseAllowance", [spender, 1n], payer),
        token.attempt("decreaseAllowance", [spender, 0n], payer),
        token.attempt("mint", [payee, 1n]),
      ]);
    await token.send("pause", []);
    expect(new Set(await attempts())).toEqual(new Set(["Pausable: paused"]));
    await token.send("unpause", []);
    expect(new Set(await attempts())).toEqual(new Set(["accepted"]));
  });

  function isPaused(): Promise<boolean> {
    return chain.client.readContract({ address: token.address, abi: fiatTokenAbi, functionName: "paused" });
  }
});

describe("blacklist", () => {
  it("anybody may put an account on it and off it, and it is said", async () => {
    expect(await isBlacklisted(payee)).toBe(false);
    expect(eventsOf(await token.send("blacklist", [payee], payer))).toEqual([
      { name: "Blacklisted", args: { _account: payee } },
    ]);
    expect(await isBlacklisted(payee)).toBe(true);
    expect(await isBlacklisted(payer)).toBe(false);
    expect(eventsOf(await token.send("unBlacklist", [payee], payer))).toEqual([
      { name: "UnBlacklisted", args: { _account: payee } },
    ]);
    expect(await isBlacklisted(payee)).toBe(false);
  });

  it("holds the token itself for ever", async () => {
    expect(await isBlacklisted(token.address)).toBe(true);
    await token.send("unBlacklist", [token.address]);
    expect(await isBlacklisted(token.address)).toBe(true);
  });

  it("leaves the balance as it is, twice on and off", async () => {
    for (const name of ["blacklist", "blacklist", "unBlacklist", "unBlacklist"] as const) {
      await token.send(name, [payer]);
      expect(await token.balanceOf(payer)).toBe(10_000_000n);
    }
  });

  it.each([
    { who: "the sender", account: payer, call: () => token.attempt("transfer", [payee, 1n], payer) },
    { who: "the receiver", account: payee, call: () => token.attempt("transfer", [payee, 1n], payer) },
    {
      who: "the spender",
      account: spender,
      call: () => token.attempt("transferFrom", [payer, payee, 0n], spender),
    },
    {
      who: "the owner",
      account: payer,
      call: () => token.attempt("transferFrom", [payer, payee, 0n], spender),
    },
    {
      who: "the payee",
      account: payee,
      call: () => token.attempt("transferFrom", [payer, payee, 0n], spender),
    },
    { who: "the minter", account: spender, call: () => token.attempt("mint", [payee, 1n], spender) },
    { who: "the minted for", account: payee, call: () => token.attempt("mint", [payee, 1n], spender) },
  ])("stops a call when $who is on it", async ({ account, call }) => {
    expect(await call()).toBe("accepted");
    await token.send("blacklist", [account]);
    expect(await call()).toBe("Blacklistable: account is blacklisted");
  });

  it.each(["approve", "increaseAllowance", "decreaseAllowance"] as const)(
    "does not touch %s",
    async (name) => {
      await token.send("blacklist", [payer]);
      await token.send("blacklist", [spender]);
      expect(await token.attempt(name, [spender, 0n], payer)).toBe("accepted");
    },
  );

  function isBlacklisted(account: `0x${string}`): Promise<boolean> {
    return chain.client.readContract({
      address: token.address,
      abi: fiatTokenAbi,
      functionName: "isBlacklisted",
      args: [account],
    });
  }
});

function supply(): Promise<bigint> {
  return chain.client.readContract({
    address: token.address,
    abi: fiatTokenAbi,
    functionName: "totalSupply",
  });
}
