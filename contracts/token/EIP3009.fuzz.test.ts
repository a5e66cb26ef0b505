import fc from "fast-check";
import type { Address, Hex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cancelData, signCancel, signTransfer, transferData } from "../test/authorization.ts";
import { accounts, startTestChain, type TestChain } from "../test/chain.ts";
import { apply, expectedAnswer, type Model, type Role, type Step, steps } from "../test/lifecycle.ts";
import { deployToken, type TestToken } from "../test/token.ts";

/** Set `FUZZ_SEED` to repeat a run. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const { payer, payee, sender } = accounts;
const zero = `0x${"00".repeat(20)}` as const;

let chain: TestChain;
let token: TestToken;
let wallet: Address;

beforeAll(async () => {
  chain = await startTestChain();
  token = await deployToken(chain);
  wallet = await chain.deploy("SmartWallet", [payer.address]);
  await token.send("mint", [wallet, 1000n]);
  await chain.client.setBalance({ address: wallet, value: 10n ** 18n });
});
afterAll(() => chain.stop());

it(`any sequence of payments, cancels, pauses and blacklistings ends as EIP-3009 says (FUZZ_SEED=${seed})`, async () => {
  console.info(`FUZZ_SEED=${seed}`);
  const answers = new Set<string>();
  let undo = async () => {};
  await fc.assert(
    fc
      .asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (sequence) => {
        const model = await startModel();
        for (const step of sequence) answers.add(await play(step, model));
      })
      .beforeEach(async () => {
        undo = await chain.isolate();
      })
      .afterEach(() => undo()),
    { seed, numRuns: 30 },
  );
  // The answers that make up the lifecycle were all met, or the steps are badly chosen.
  expect([...answers]).toEqual(
    expect.arrayContaining([
      "accepted",
      "Pausable: paused",
      "Blacklistable: account is blacklisted",
      "FiatTokenV2: caller must be the payee",
      "FiatTokenV2: authorization is not yet valid",
      "FiatTokenV2: authorization is expired",
      "FiatTokenV2: authorization is used or canceled",
      "FiatTokenV2: invalid signature",
    ]),
  );
}, 120_000);

async function startModel(): Promise<Model> {
  return {
    now: await chain.now(),
    paused: false,
    blacklisted: new Set<Role>(["token"]),
    spent: new Set(),
    balances: {
      payer: await token.balanceOf(payer.address),
      wallet: await token.balanceOf(wallet),
      payee: await token.balanceOf(payee.address),
    },
  };
}

/** Expects the model's answer from the token, and afterwards the model's state; returns the answer. */
async function play(step: Step, model: Model): Promise<string> {
  model.now += BigInt(step.wait);
  const expected = expectedAnswer(step, model);
  const call = { to: token.address, at: model.now, ...(await callOf(step, model)) };
  expect(await chain.attempt(call)).toBe(expected);
  if (expected === "accepted") {
    await chain.send(call);
    apply(step, model);
  }
  await expectState(step, model);
  return expected;
}

async function callOf(step: Step, model: Model): Promise<{ data: Hex; from?: Address }> {
  switch (step.kind) {
    case "pay": {
      const { functionName, form, honest, sentByPayee, ...fields } = step.pay;
      const authorization = {
        from: addressOf(fields.from),
        to: addressOf(fields.to),
        value: BigInt(fields.value),
        validAfter: model.now + BigInt(fields.validAfter),
        validBefore: model.now + BigInt(fields.validBefore),
        nonce: nonceOf(fields.nonce),
      };
      const signature = await signTransfer(
        honest ? payer : sender,
        token.domain,
        authorization,
        functionName,
      );
      const data = transferData(authorization, signature, functionName, form);
      return { data, from: sentByPayee ? authorization.to : sender.address };
    }
    case "cancel": {
      const address = addressOf(step.authorizer);
      const signer = step.honest ? payer : sender;
      const signature = await signCancel(signer, token.domain, address, nonceOf(step.nonce));
      return { data: cancelData(address, nonceOf(step.nonce), signature, step.form) };
    }
    case "pause":
    case "unpause":
      return { data: token.data(step.kind, []) };
    case "blacklist":
    case "unBlacklist":
      return { data: token.data(step.kind, [addressOf(step.account)]) };
  }
}

async function expectState(step: Step, model: Model): Promise<void> {
  const onChain = {
    payer: await token.balanceOf(payer.address),
    wallet: await token.balanceOf(wallet),
    payee: await token.balanceOf(payee.address),
  };
  expect(onChain).toEqual(model.balances);
  if (step.kind !== "pay" && step.kind !== "cancel") return;
  const who = step.kind === "pay" ? step.pay.from : step.authorizer;
  const which = step.kind === "pay" ? step.pay.nonce : step.nonce;
  expect(await token.isSpent(addressOf(who), nonceOf(which))).toBe(model.spent.has(`${who} ${which}`));
}

function addressOf(role: Role): Address {
  return { payer: payer.address, wallet, payee: payee.address, zero, token: token.address }[role];
}

function nonceOf(nonce: number): Hex {
  return `0x${nonce.toString(16).padStart(64, "0")}`;
}
