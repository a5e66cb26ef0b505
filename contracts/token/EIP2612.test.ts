import { maxUint256 } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { highS, type Permit, permitData, signatureForms, signPermit, withV } from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { fiatTokenAbi } from "../test/fiat-token-abi.ts";
import { deployToken, eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, sender, stranger } = accounts;
const zero = `0x${"00".repeat(20)}` as const;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

describe.each(signatureForms)("permit with %s", (form) => {
  it("sets the allowance, counts the nonce and says so", async () => {
    const receipt = await chain.send(await signed());
    expect(eventsOf(receipt)).toEqual([
      { name: "Approval", args: { owner: payer.address, spender: sender.address, value: 500n } },
    ]);
    expect(await token.allowance(payer.address, sender.address)).toBe(500n);
    expect(await nonceOf(payer.address)).toBe(1n);
  });

  it("works once, the next one carries the next nonce", async () => {
    const first = await signed();
    const second = await signed({ nonce: 1n, value: 7n });
    expect(await chain.attempt(second)).toBe("EIP2612: invalid signature");
    await chain.send(first);
    expect(await chain.attempt(first)).toBe("EIP2612: invalid signature");
    await chain.send(second);
    expect(await token.allowance(payer.address, sender.address)).toBe(7n);
  });

  it.each([
    { second: "one before the deadline", at: 999n, answer: "accepted" },
    { second: "the deadline itself", at: 1000n, answer: "accepted" },
    { second: "one after the deadline", at: 1001n, answer: "FiatTokenV2: permit is expired" },
  ])("in the second $second: $answer", async ({ at, answer }) => {
    const start = await chain.now();
    const call = await signed({ deadline: start + 1000n });
    expect(await chain.attempt({ ...call, at: start + at })).toBe(answer);
  });

  it("has no end with the greatest deadline", async () => {
    expect(await chain.attempt(await signed({ deadline: maxUint256 }))).toBe("accepted");
  });

  it.each(["owner", "spender", "value", "deadline"] as const)(
    "refuses another %s than signed",
    async (field) => {
      const permit = await permitOf();
      const signature = await signPermit(payer, token.domain, permit);
      const changed: Permit = {
        ...permit,
        ...(field === "owner" && { owner: stranger.address }),
        ...(field === "spender" && { spender: payee.address }),
        ...(field === "value" && { value: 501n }),
        ...(field === "deadline" && { deadline: permit.deadline + 1n }),
      };
      expect(await attempt(changed, signature)).toBe("EIP2612: invalid signature");
    },
  );

  it("refuses a malleable and a malformed signature", async () => {
    const permit = await permitOf();
    const signature = await signPermit(payer, token.domain, permit);
    expect(await attempt(permit, highS(signature))).toBe("ECRecover: invalid signature 's' value");
    expect(await attempt(permit, withV(signature, 0))).toBe("ECRecover: invalid signature 'v' value");
    expect(await attempt(permit, withV(`0x${"00".repeat(65)}`, 28))).toBe("ECRecover: invalid signature");
    expect(await attempt(permit, signature)).toBe("accepted");
  });

  it("refuses the zero address as spender", async () => {
    expect(await chain.attempt(await signed({ spender: zero }))).toBe("ERC20: approve to the zero address");
  });

  it("takes the signature of a smart wallet from its owner only", async () => {
    const wallet = await chain.deploy("SmartWallet", [payer.address]);
    const permit = await permitOf({ owner: wallet });
    expect(await attempt(permit, await signPermit(stranger, token.domain, permit))).toBe(
      "EIP2612: invalid signature",
    );
    expect(await attempt(permit, await signPermit(payer, token.domain, permit))).toBe("accepted");
  });

  it("is refused while paused, and open to blacklisted accounts", async () => {
    const call = await signed();
    await token.send("blacklist", [payer.address]);
    await token.send("blacklist", [sender.address]);
    expect(await chain.attempt(call)).toBe("accepted");
    await token.send("pause", []);
    expect(await chain.attempt(call)).toBe("Pausable: paused");
  });

  async function signed(fields: Partial<Permit> = {}) {
    const permit = await permitOf(fields);
    const signature = await signPermit(payer, token.domain, permit);
    return { to: token.address, data: permitData(permit, signature, form) };
  }

  function attempt(permit: Permit, signature: `0x${string}`) {
    return chain.attempt({ to: token.address, data: permitData(permit, signature, form) });
  }
});

it.each([0, 64, 66])("permit refuses a signature of %i bytes", async (length) => {
  const data = permitData(await permitOf(), `0x${"11".repeat(length)}`);
  expect(await chain.attempt({ to: token.address, data })).toBe("ECRecover: invalid signature length");
});

it("PERMIT_TYPEHASH is that of EIP-2612", async () => {
  expect(
    await chain.client.readContract({
      address: token.address,
      abi: fiatTokenAbi,
      functionName: "PERMIT_TYPEHASH",
    }),
  ).toBe("0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
});

/** The payer lets the sender spend 0.0005 USDC, for a minute from now. */
async function permitOf(fields: Partial<Permit> = {}): Promise<Permit> {
  const deadline = (await chain.now()) + 60n;
  return { owner: payer.address, spender: sender.address, value: 500n, nonce: 0n, deadline, ...fields };
}

function nonceOf(owner: `0x${string}`): Promise<bigint> {
  return chain.client.readContract({
    address: token.address,
    abi: fiatTokenAbi,
    functionName: "nonces",
    args: [owner],
  });
}
