import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  cancelData,
  freshNonce,
  highS,
  signatureForms,
  signCancel,
  signTransfer,
  transferData,
} from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { deployToken, eventsOf, type TestToken } from "../test/token.ts";

const { payer, payee, stranger } = accounts;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

describe.each(signatureForms)("cancelAuthorization with %s", (form) => {
  it("spends the nonce without a payment and says so", async () => {
    const nonce = freshNonce();
    const receipt = await chain.send(await canceled(nonce));
    expect(eventsOf(receipt)).toEqual([
      { name: "AuthorizationCanceled", args: { authorizer: payer.address, nonce } },
    ]);
    expect(await token.isSpent(payer.address, nonce)).toBe(true);
    expect(await token.isSpent(payee.address, nonce)).toBe(false);
    expect(await token.balanceOf(payer.address)).toBe(10_000_000n);
  });

  it("works once, and not after the payment", async () => {
    const call = await canceled(freshNonce());
    await chain.send(call);
    expect(await chain.attempt(call)).toBe("FiatTokenV2: authorization is used or canceled");

    const paid = await token.authorization();
    const signature = await signTransfer(payer, token.domain, paid);
    await chain.send({ to: token.address, data: transferData(paid, signature) });
    expect(await chain.attempt(await canceled(paid.nonce))).toBe(
      "FiatTokenV2: authorization is used or canceled",
    );
  });

  it("refuses the signature of somebody else, for another nonce, or a malleable one", async () => {
    const nonce = freshNonce();
    const strangers = await signCancel(stranger, token.domain, payer.address, nonce);
    const payers = await signCancel(payer, token.domain, payer.address, nonce);
    const attempt = (signature: `0x${string}`, which = nonce) =>
      chain.attempt({ to: token.address, data: cancelData(payer.address, which, signature, form) });
    expect(await attempt(strangers)).toBe("FiatTokenV2: invalid signature");
    expect(await attempt(payers, freshNonce())).toBe("FiatTokenV2: invalid signature");
    expect(await attempt(highS(payers))).toBe("ECRecover: invalid signature 's' value");
    expect(await attempt(payers)).toBe("accepted");
  });

  it("is refused while paused, and open to a blacklisted account", async () => {
    const call = await canceled(freshNonce());
    await token.send("blacklist", [payer.address]);
    expect(await chain.attempt(call)).toBe("accepted");
    await token.send("pause", []);
    expect(await chain.attempt(call)).toBe("Pausable: paused");
  });

  it("takes the signature of a smart wallet", async () => {
    const wallet = await chain.deploy("SmartWallet", [payer.address]);
    const nonce = freshNonce();
    const signature = await signCancel(payer, token.domain, wallet, nonce);
    await chain.send({ to: token.address, data: cancelData(wallet, nonce, signature, form) });
    expect(await token.isSpent(wallet, nonce)).toBe(true);
  });

  async function canceled(nonce: `0x${string}`) {
    const signature = await signCancel(payer, token.domain, payer.address, nonce);
    return { to: token.address, data: cancelData(payer.address, nonce, signature, form) };
  }
});
