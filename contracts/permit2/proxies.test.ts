import { type Hex, parseEventLogs, type TransactionReceipt } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accounts, type TestChain } from "../test/chain.ts";
import {
  permit2Address,
  permitFor,
  proxies,
  type SignedPermit,
  schemes,
  settleCall,
  signWitnessPermit,
  startPermit2Chain,
  type WitnessPermit,
} from "../test/permit2.ts";
import { proxyAbi } from "../test/permit2-abi.ts";
import { eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, sender: facilitator, stranger } = accounts;
const zero = `0x${"00".repeat(20)}` as const;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  ({ chain, token } = await startPermit2Chain());
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

function proxyEvents({ logs }: TransactionReceipt): string[] {
  return parseEventLogs({ abi: proxyAbi, logs }).map(({ eventName }) => eventName);
}

describe.each(schemes)("the proxy of %s", (scheme) => {
  async function signed(fields: Partial<WitnessPermit> = {}): Promise<SignedPermit> {
    const permit = await permitFor(chain, token.address, scheme, fields);
    const signature = await signWitnessPermit(payer, chain, permit);
    return { permit, signature, owner: payer.address, amount: permit.amount };
  }

  function attempt(spent: SignedPermit): Promise<string> {
    return chain.attempt(settleCall(scheme, spent));
  }

  it("pays whom the payer signed for, keeps nothing, and says so", async () => {
    const receipt = await chain.send(settleCall(scheme, await signed()));
    expect(eventsOf(receipt)).toEqual([
      { name: "Transfer", args: { from: payer.address, to: payee.address, value: 1000n } },
    ]);
    expect(proxyEvents(receipt)).toEqual(["Settled"]);
    expect(receipt.logs.at(-1)?.address).toBe(proxies[scheme].toLowerCase());
    expect(await token.balanceOf(payee.address)).toBe(1000n);
    expect(await token.balanceOf(proxies[scheme])).toBe(0n);
  });

  it("works once", async () => {
    const call = settleCall(scheme, await signed());
    await chain.send(call);
    expect(await chain.attempt(call)).toBe("InvalidNonce()");
  });

  it.each([
    { second: "one before validAfter", at: 999n, answer: "PaymentTooEarly()" },
    { second: "validAfter itself", at: 1000n, answer: "accepted" },
    { second: "the deadline", at: 2000n, answer: "accepted" },
    { second: "one after the deadline", at: 2001n, answer: "SignatureExpired" },
  ])("in the second $second: $answer", async ({ at, answer }) => {
    const start = await chain.now();
    const call = settleCall(scheme, await signed({ validAfter: start + 1000n, deadline: start + 2000n }));
    expect(await chain.attempt({ ...call, at: start + at })).toContain(answer);
  });

  it("refuses nobody as owner and as payee, and nothing as amount", async () => {
    expect(await attempt({ ...(await signed()), owner: zero })).toBe("InvalidOwner()");
    expect(await attempt(await signed({ to: zero }))).toBe("InvalidDestination()");
    expect(await attempt(await signed({ amount: 0n }))).toBe("InvalidAmount()");
  });

  it.each(["token", "amount", "nonce", "deadline", "to", "validAfter"] as const)(
    "refuses another %s than signed",
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
      expect(await attempt({ ...spent, owner: stranger.address })).toBe("InvalidSigner()");
    },
  );

  it.each([proxies.exact, proxies.upto, facilitator.address])("as spender, %s", async (spender) => {
    const answer = spender === proxies[scheme] ? "accepted" : "InvalidSigner()";
    expect(await attempt(await signed({ spender }))).toBe(answer);
  });

  it("refuses the witness of the other scheme", async () => {
    const spent = await signed();
    const { facilitator: _, ...exact } = spent.permit;
    const other: WitnessPermit = scheme === "upto" ? exact : { ...exact, facilitator: facilitator.address };
    const signature = await signWitnessPermit(payer, chain, other);
    expect(await attempt({ ...spent, signature })).toBe("InvalidSigner()");
  });

  it("asks a payer that is a contract (ERC-1271)", async () => {
    const owner = await chain.deploy("SmartWallet", [payer.address]);
    const spent = { ...(await signed()), owner };
    const permit = await permitFor(chain, token.address, scheme);
    const strangers = await signWitnessPermit(stranger, chain, permit);
    expect(await attempt({ ...spent, permit, signature: strangers })).toBe("InvalidContractSignature()");
    expect(await attempt(spent)).toBe("TRANSFER_FROM_FAILED");
    await token.send("mint", [owner, 1000n]);
    await chain.client.setBalance({ address: owner, value: 10n ** 18n });
    await token.send("approve", [permit2Address, 1000n], owner);
    expect(await attempt(spent)).toBe("accepted");
  });

  it("passes on what Permit2 reverts with", async () => {
    const spent = await signed();
    const cut = spent.signature.slice(0, -2) as Hex;
    expect(await attempt({ ...spent, signature: `${cut}0000` })).toBe("InvalidSignatureLength()");
    expect(await attempt({ ...spent, signature: `${cut}00` })).toBe("InvalidSignature()");
    await token.send("approve", [permit2Address, 999n], payer.address);
    expect(await attempt(spent)).toBe("TRANSFER_FROM_FAILED");
  });

  it("when several things are wrong, says the first of this order", async () => {
    const later = (await chain.now()) + 1000n;
    const past = later - 2000n;
    const wrong = { ...(await signed()), owner: zero, signature: "0x" as const };
    const fields = { to: zero, validAfter: later, deadline: past } as const;
    const allWrong = { ...wrong, permit: { ...wrong.permit, ...fields } };
    const noAmount = { ...allWrong, permit: { ...allWrong.permit, amount: 0n }, amount: 0n };
    expect(await attempt(noAmount)).toBe("InvalidAmount()");
    expect(await attempt(allWrong)).toBe("InvalidOwner()");
    const owned = { ...allWrong, owner: payer.address };
    expect(await attempt(owned)).toBe("InvalidDestination()");
    const addressed = { ...owned, permit: { ...owned.permit, to: payee.address } };
    expect(await attempt(addressed)).toBe("PaymentTooEarly()");
    const begun = { ...addressed, permit: { ...addressed.permit, validAfter: 0n } };
    expect(await attempt(begun)).toBe(`SignatureExpired(${past})`);
  });
});

describe("who may settle", () => {
  it("exact: anybody, who decides nothing", async () => {
    const permit = await permitFor(chain, token.address, "exact");
    const signature = await signWitnessPermit(payer, chain, permit);
    const call = settleCall("exact", { permit, signature, owner: payer.address, amount: 1n });
    for (const { address } of [facilitator, payer, payee, stranger])
      expect(await chain.attempt({ ...call, from: address })).toBe("accepted");
    await chain.send({ ...call, from: payee.address });
    expect(await token.balanceOf(payee.address)).toBe(1000n);
  });

  it("upto: the facilitator that the payer signed for", async () => {
    const permit = await permitFor(chain, token.address, "upto");
    const signature = await signWitnessPermit(payer, chain, permit);
    const spent = { permit, signature, owner: payer.address, amount: 1000n };
    const call = settleCall("upto", spent);
    for (const { address } of [payer, payee, stranger])
      expect(await chain.attempt({ ...call, from: address })).toBe("UnauthorizedFacilitator()");
    const claimed = settleCall("upto", { ...spent, permit: { ...permit, facilitator: stranger.address } });
    expect(await chain.attempt({ ...claimed, from: stranger.address })).toBe("InvalidSigner()");
    expect(await chain.attempt(call)).toBe("accepted");
  });
});

describe("upto: what is settled of 1000", () => {
  it.each([
    { amount: 0n, answer: "InvalidAmount()" },
    { amount: 1n, answer: "accepted" },
    { amount: 999n, answer: "accepted" },
    { amount: 1000n, answer: "accepted" },
    { amount: 1001n, answer: "AmountExceedsPermitted()" },
  ])("$amount: $answer", async ({ amount, answer }) => {
    const permit = await permitFor(chain, token.address, "upto");
    const signature = await signWitnessPermit(payer, chain, permit);
    const call = settleCall("upto", { permit, signature, owner: payer.address, amount });
    expect(await chain.attempt(call)).toBe(answer);
    if (answer !== "accepted") return;
    await chain.send(call);
    expect(await token.balanceOf(payee.address)).toBe(amount);
    expect(await chain.attempt(call)).toBe("InvalidNonce()");
  });

  it("too much is said before who may, and that before anything else", async () => {
    const permit = await permitFor(chain, token.address, "upto");
    const spent = { permit, signature: "0x", owner: zero, amount: 1001n } as const;
    const from = stranger.address;
    expect(await chain.attempt({ ...settleCall("upto", spent), from })).toBe("AmountExceedsPermitted()");
    const none = settleCall("upto", { ...spent, amount: 0n });
    expect(await chain.attempt({ ...none, from })).toBe("UnauthorizedFacilitator()");
    expect(await chain.attempt(none)).toBe("InvalidAmount()");
  });
});
