import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Authorization, freshNonce, signTransfer, transferData } from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { deployToken, type TestToken } from "../test/token.ts";

const { payer, payee, sender, stranger } = accounts;

let chain: TestChain;
let token: TestToken;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
});
afterAll(() => chain.stop());
beforeEach(() => chain.isolate());

describe("order of the checks, where several would refuse", () => {
  const expired = { validAfter: 0n, validBefore: 1n };

  it("pause, then blacklist, then payee, then time, then nonce, then signature, then balance", async () => {
    const used = await token.authorization();
    const data = transferData(
      used,
      await signTransfer(payer, token.domain, used, "receiveWithAuthorization"),
      "receiveWithAuthorization",
    );
    await chain.send({ to: token.address, data, from: payee.address });
    const tooMuch = { nonce: used.nonce, value: 10n ** 18n };

    await token.send("blacklist", [payer.address]);
    await token.send("pause", []);
    expect(await attempt({ ...tooMuch, ...expired }, sender.address)).toBe("Pausable: paused");
    await token.send("unpause", []);
    expect(await attempt({ ...tooMuch, ...expired }, sender.address)).toBe(
      "Blacklistable: account is blacklisted",
    );
    await token.send("unBlacklist", [payer.address]);
    expect(await attempt({ ...tooMuch, ...expired }, sender.address)).toBe(
      "FiatTokenV2: caller must be the payee",
    );
    expect(await attempt({ ...tooMuch, ...expired })).toBe("FiatTokenV2: authorization is expired");
    expect(await attempt(tooMuch)).toBe("FiatTokenV2: authorization is used or canceled");
    expect(await attempt({ ...tooMuch, nonce: freshNonce() })).toBe("FiatTokenV2: invalid signature");
  });

  it("the signature comes before the balance", async () => {
    const authorization = await token.authorization({ value: 10n ** 18n });
    const badly = await signTransfer(stranger, token.domain, authorization);
    const well = await signTransfer(payer, token.domain, authorization);
    const call = (signature: `0x${string}`) => ({
      to: token.address,
      data: transferData(authorization, signature),
    });
    expect(await chain.attempt(call(badly))).toBe("FiatTokenV2: invalid signature");
    expect(await chain.attempt(call(well))).toBe("ERC20: transfer amount exceeds balance");
  });

  it("not yet valid comes before expired", async () => {
    const now = await chain.now();
    expect(await attempt({ validAfter: now + 100n, validBefore: now - 100n })).toBe(
      "FiatTokenV2: authorization is not yet valid",
    );
  });

  /** Signed by a stranger, sent by the payee unless told otherwise. */
  async function attempt(fields: Partial<Authorization>, from = payee.address): Promise<string> {
    const authorization = await token.authorization(fields);
    const signature = await signTransfer(stranger, token.domain, authorization, "receiveWithAuthorization");
    const data = transferData(authorization, signature, "receiveWithAuthorization");
    return chain.attempt({ to: token.address, data, from });
  }
});
