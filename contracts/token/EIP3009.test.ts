import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Authorization,
  cancelData,
  freshNonce,
  highS,
  signatureForms,
  signCancel,
  signTransfer,
  type TransferFunction,
  transferData,
  transferFunctions,
  withV,
} from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { fiatTokenAbi } from "../test/fiat-token-abi.ts";
import { deployToken, eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, sender, stranger } = accounts;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

describe.each(transferFunctions)("%s", (functionName) => {
  describe.each(signatureForms)("with %s", (form) => {
    it("moves the value, spends the nonce and says so", async () => {
      const { authorization, call } = await signed();
      const receipt = await chain.send(call);
      expect(eventsOf(receipt)).toEqual([
        { name: "AuthorizationUsed", args: { authorizer: payer.address, nonce: authorization.nonce } },
        { name: "Transfer", args: { from: payer.address, to: payee.address, value: 1000n } },
      ]);
      expect(await token.balanceOf(payer.address)).toBe(9_999_000n);
      expect(await token.balanceOf(payee.address)).toBe(1000n);
      expect(await token.isSpent(payer.address, authorization.nonce)).toBe(true);
    });

    it("works once", async () => {
      const { call } = await signed();
      await chain.send(call);
      expect(await chain.attempt(call)).toBe("FiatTokenV2: authorization is used or canceled");
    });

    it("refuses a canceled authorization", async () => {
      const { authorization, call } = await signed();
      const { from, nonce } = authorization;
      const signature = await signCancel(payer, token.domain, from, nonce);
      await chain.send({ to: token.address, data: cancelData(from, nonce, signature) });
      expect(await chain.attempt(call)).toBe("FiatTokenV2: authorization is used or canceled");
    });

    it.each([
      { second: "one before validAfter", at: 999n, answer: "FiatTokenV2: authorization is not yet valid" },
      { second: "validAfter itself", at: 1000n, answer: "FiatTokenV2: authorization is not yet valid" },
      { second: "one after validAfter", at: 1001n, answer: "accepted" },
      { second: "one before validBefore", at: 1999n, answer: "accepted" },
      { second: "validBefore itself", at: 2000n, answer: "FiatTokenV2: authorization is expired" },
      { second: "one after validBefore", at: 2001n, answer: "FiatTokenV2: authorization is expired" },
    ])("in the second $second: $answer", async ({ at, answer }) => {
      const start = await chain.now();
      const { call } = await signed({ validAfter: start + 1000n, validBefore: start + 2000n });
      expect(await chain.attempt({ ...call, at: start + at })).toBe(answer);
    });

    it("is mined in the first and in the last valid second", async () => {
      const start = await chain.now();
      const window = { validAfter: start + 1000n, validBefore: start + 2000n };
      const { call: first } = await signed(window);
      const { call: last } = await signed(window);
      await chain.send({ ...first, at: start + 1001n });
      await chain.send({ ...last, at: start + 1999n });
      expect(await token.balanceOf(payee.address)).toBe(2000n);
    });

    it.each([
      { value: 10_000_000n, answer: "accepted" },
      { value: 10_000_001n, answer: "ERC20: transfer amount exceeds balance" },
      { value: 0n, answer: "accepted" },
    ])("a payer of 10000000 pays $value: $answer", async ({ value, answer }) => {
      const { call } = await signed({ value });
      expect(await chain.attempt(call)).toBe(answer);
    });

    it.each(["from", "to", "value", "validAfter", "validBefore", "nonce"] as const)(
      "refuses an authorization whose %s is not the signed one",
      async (field) => {
        const { authorization, signature } = await signed();
        const changed: Authorization = {
          ...authorization,
          ...(field === "from" && { from: stranger.address }),
          ...(field === "to" && { to: sender.address }),
          ...(field === "value" && { value: 1001n }),
          ...(field === "validAfter" && { validAfter: authorization.validAfter - 1n }),
          ...(field === "validBefore" && { validBefore: authorization.validBefore + 1n }),
          ...(field === "nonce" && { nonce: freshNonce() }),
        };
        const data = transferData(changed, signature, functionName, form);
        expect(await chain.attempt({ to: token.address, data, from: changed.to })).toBe(
          "FiatTokenV2: invalid signature",
        );
      },
    );

    it.each([
      { part: "name", domain: { name: "USD Coin" } },
      { part: "version", domain: { version: "1" } },
      { part: "chain", domain: { chainId: 1 } },
      { part: "contract", domain: { verifyingContract: stranger.address } },
    ])("refuses a signature for another $part", async ({ domain }) => {
      const authorization = await token.authorization();
      const signature = await signTransfer(
        payer,
        { ...token.domain, ...domain },
        authorization,
        functionName,
      );
      expect(await attempt(authorization, signature)).toBe("FiatTokenV2: invalid signature");
    });

    it("refuses the signature of somebody else", async () => {
      const authorization = await token.authorization();
      const signature = await signTransfer(stranger, token.domain, authorization, functionName);
      expect(await attempt(authorization, signature)).toBe("FiatTokenV2: invalid signature");
    });

    it("refuses the signature of the other transfer function", async () => {
      const authorization = await token.authorization();
      const signature = await signTransfer(payer, token.domain, authorization, otherThan(functionName));
      expect(await attempt(authorization, signature)).toBe("FiatTokenV2: invalid signature");
    });

    it("refuses the malleable twin of a valid signature", async () => {
      const { authorization, signature } = await signed();
      expect(await attempt(authorization, highS(signature))).toBe("ECRecover: invalid signature 's' value");
    });

    it.each([0, 1, 26, 29])("refuses a signature whose v is %i", async (v) => {
      const { authorization, signature } = await signed();
      expect(await attempt(authorization, withV(signature, v))).toBe(
        "ECRecover: invalid signature 'v' value",
      );
    });

    it("refuses a signature that recovers to no key", async () => {
      const authorization = await token.authorization();
      expect(await attempt(authorization, withV(`0x${"00".repeat(65)}`, 27))).toBe(
        "ECRecover: invalid signature",
      );
    });

    it("refuses the zero address as payee and as payer", async () => {
      const zero = `0x${"00".repeat(20)}` as const;
      const { call } = await signed({ to: zero });
      expect(await chain.attempt(call)).toBe("ERC20: transfer to the zero address");
      const { call: fromNobody } = await signed({ from: zero });
      expect(await chain.attempt(fromNobody)).toBe("FiatTokenV2: invalid signature");
    });

    it("refuses to pay the token itself", async () => {
      const { call } = await signed({ to: token.address });
      expect(await chain.attempt(call)).toBe("Blacklistable: account is blacklisted");
    });

    it("refuses while the token is paused", async () => {
      const { call } = await signed();
      await token.send("pause", []);
      expect(await chain.attempt(call)).toBe("Pausable: paused");
      await token.send("unpause", []);
      expect(await chain.attempt(call)).toBe("accepted");
    });

    it.each([payer, payee])("refuses a blacklisted account ($address)", async ({ address }) => {
      const { call } = await signed();
      await token.send("blacklist", [address]);
      expect(await chain.attempt(call)).toBe("Blacklistable: account is blacklisted");
      await token.send("unBlacklist", [address]);
      expect(await chain.attempt(call)).toBe("accepted");
    });

    it("lets the payer pay itself", async () => {
      const { call } = await signed({ to: payer.address });
      await chain.send(call);
      expect(await token.balanceOf(payer.address)).toBe(10_000_000n);
    });

    it("takes the signature of a smart wallet from its owner only", async () => {
      const wallet = await chain.deploy("SmartWallet", [payer.address]);
      await token.send("mint", [wallet, 1000n]);
      const authorization = await token.authorization({ from: wallet });
      const owners = await signTransfer(payer, token.domain, authorization, functionName);
      const strangers = await signTransfer(stranger, token.domain, authorization, functionName);
      expect(await attempt(authorization, strangers)).toBe("FiatTokenV2: invalid signature");
      await chain.send(callOf(authorization, owners));
      expect(await token.balanceOf(payee.address)).toBe(1000n);
      expect(await token.isSpent(wallet, authorization.nonce)).toBe(true);
    });

    it("refuses a contract that knows no ERC-1271 as payer", async () => {
      const { call } = await signed({ from: await chain.deploy("Multicall3") });
      expect(await chain.attempt(call)).toBe("FiatTokenV2: invalid signature");
    });

    async function signed(fields: Partial<Authorization> = {}) {
      const authorization = await token.authorization(fields);
      const signature = await signTransfer(payer, token.domain, authorization, functionName);
      return { authorization, signature, call: callOf(authorization, signature) };
    }

    /** The payee sends: only that is allowed for one function, and it makes no difference for the other. */
    function callOf(authorization: Authorization, signature: `0x${string}`) {
      const data = transferData(authorization, signature, functionName, form);
      return { to: token.address, data, from: authorization.to };
    }

    function attempt(authorization: Authorization, signature: `0x${string}`) {
      return chain.attempt(callOf(authorization, signature));
    }
  });

  it.each([0, 64, 66])("refuses a signature of %i bytes", async (length) => {
    const authorization = await token.authorization();
    const data = transferData(authorization, `0x${"11".repeat(length)}`, functionName);
    expect(await chain.attempt({ to: token.address, data, from: payee.address })).toBe(
      "ECRecover: invalid signature length",
    );
  });
});

describe("who may send", () => {
  it.each(signatureForms)("transferWithAuthorization: anybody, even a blacklisted one (%s)", async (form) => {
    await token.send("blacklist", [sender.address]);
    const authorization = await token.authorization();
    const signature = await signTransfer(payer, token.domain, authorization);
    const data = transferData(authorization, signature, "transferWithAuthorization", form);
    expect(await chain.attempt({ to: token.address, data, from: sender.address })).toBe("accepted");
  });

  it.each(signatureForms)("receiveWithAuthorization: the payee (%s)", async (form) => {
    const authorization = await token.authorization();
    const signature = await signTransfer(payer, token.domain, authorization, "receiveWithAuthorization");
    const data = transferData(authorization, signature, "receiveWithAuthorization", form);
    const call = { to: token.address, data };
    expect(await chain.attempt({ ...call, from: sender.address })).toBe(
      "FiatTokenV2: caller must be the payee",
    );
    expect(await chain.attempt({ ...call, from: payer.address })).toBe(
      "FiatTokenV2: caller must be the payee",
    );
    expect(await chain.attempt({ ...call, from: payee.address })).toBe("accepted");
  });
});

it.each([
  {
    constant: "TRANSFER_WITH_AUTHORIZATION_TYPEHASH",
    value: "0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267",
  },
  {
    constant: "RECEIVE_WITH_AUTHORIZATION_TYPEHASH",
    value: "0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8",
  },
  {
    constant: "CANCEL_AUTHORIZATION_TYPEHASH",
    value: "0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429",
  },
] as const)("$constant is that of EIP-3009", async ({ constant, value }) => {
  expect(
    await chain.client.readContract({ address: token.address, abi: fiatTokenAbi, functionName: constant }),
  ).toBe(value);
});

function otherThan(functionName: TransferFunction): TransferFunction {
  return functionName === "transferWithAuthorization"
    ? "receiveWithAuthorization"
    : "transferWithAuthorization";
}
