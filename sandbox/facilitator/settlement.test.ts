import { type Hex, isHash, isHex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openContracts } from "../../contracts/index.ts";
import { minedReceipt, usdcAbi } from "../chain/index.ts";
import { type FacilitatorSteps, facilitatorSteps, type RunningFacilitator } from "./index.ts";
import { withDatabase } from "./testing/database.ts";
import { price, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";
import { transferCall } from "./transfer.ts";

describe.each([
  ["together", true],
  ["one by one", false],
])("payments that are settled %s", (_, batching) => {
  let rig: Rig;
  let facilitator: RunningFacilitator;

  beforeAll(async () => {
    rig = await startRig({ batching });
    facilitator = await rig.start();
  });
  afterAll(() => rig.stop());

  /** The reference, but for something that happens after the simulation and before the transfer is sent. */
  function beforeBroadcast(
    happening: (payment: Parameters<FacilitatorSteps["broadcast"]>[0]) => Promise<unknown>,
  ) {
    const broadcast: FacilitatorSteps["broadcast"] = async (payment, desk) => {
      await happening(payment);
      return facilitatorSteps.broadcast(payment, desk);
    };
    return { ...facilitatorSteps, broadcast };
  }

  it("moves exactly the amount, in one transaction, without a verify before", async () => {
    const payer = await rig.newPayer();
    const before = await witness(rig, payer.address);
    const receipt = await settle(facilitator.url, await rig.request(payer));
    expect(receipt).toEqual({
      success: true,
      payer: payer.address,
      transaction: expect.toSatisfy(isHash),
      network: rig.chain.network,
    });
    expect(await witness(rig, payer.address)).toEqual({
      paid: before.paid - price,
      received: before.received + price,
      sent: before.sent + 1,
    });
  });

  describe("the same payment settled again gives the first result and no second transaction", () => {
    it.each([8, 64])("%i at once", async (count) => {
      const payer = await rig.newPayer();
      const request = await rig.request(payer);
      const before = await witness(rig, payer.address);
      const receipts = await Promise.all(
        Array.from({ length: count }, () => settle(facilitator.url, request)),
      );
      expect(receipts[0]).toMatchObject({ success: true });
      expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
      expect(await witness(rig, payer.address)).toMatchObject({
        paid: before.paid - price,
        sent: before.sent + 1,
      });
    });

    it("later, even after it has expired, but verify no longer calls it valid", async () => {
      const payer = await rig.newPayer();
      const request = await rig.request(payer);
      const first = await settle(facilitator.url, request);
      await rig.chain.clock.advance(120);
      const before = await witness(rig, payer.address);
      expect(await settle(facilitator.url, request)).toEqual(first);
      expect(await verify(facilitator.url, request)).toMatchObject({
        invalidReason: "invalid_transaction_state",
      });
      expect(await witness(rig, payer.address)).toEqual(before);
    });

    it("after a restart with the same database", () =>
      withDatabase(async (databaseFile) => {
        const request = await rig.request(await rig.newPayer());
        const one = await rig.start({ databaseFile });
        const first = await settle(one.url, request);
        await one.stop();
        const before = await witness(rig, rig.chain.accounts.payer.address);
        const other = await rig.start({ databaseFile });
        expect(await settle(other.url, request)).toEqual(first);
        expect(await witness(rig, rig.chain.accounts.payer.address)).toEqual(before);
        await other.stop();
      }));
  });

  it("another authorization with a nonce that is being settled waits, and is then refused", async () => {
    const payer = await rig.newPayer();
    const nonce: Hex = `0x${"ab".repeat(32)}`;
    const requests = await Promise.all([
      rig.request(payer, { authorization: { nonce } }),
      rig.request(payer, { authorization: { nonce, validAfter: "1" } }),
    ]);
    const before = await witness(rig, payer.address);
    const receipts = await Promise.all(requests.map((request) => settle(facilitator.url, request)));
    expect(receipts).toMatchObject([
      { success: true },
      { success: false, errorReason: "invalid_transaction_state", transaction: "" },
    ]);
    expect(await witness(rig, payer.address)).toMatchObject({
      paid: before.paid - price,
      sent: before.sent + 1,
    });
  });

  it("64 different payments at once are all settled, and each answer names the transaction of its transfer", async () => {
    const payers = await Promise.all(Array.from({ length: 64 }, () => rig.newPayer()));
    const requests = await Promise.all(payers.map((payer) => rig.request(payer)));
    const before = await witness(rig, payers[0]?.address ?? "0x");
    const opening = await rig.chain.ledger.now();
    const receipts = await Promise.all(requests.map((request) => settle(facilitator.url, request)));
    expect(receipts.filter(({ success }) => success)).toHaveLength(64);
    const transfers = await rig.chain.ledger.transfers({ after: opening });
    expect(new Map(transfers.map(({ from, transaction }) => [from, transaction]))).toEqual(
      new Map(receipts.map(({ transaction }, place) => [payers[place]?.address, transaction])),
    );
    const transactions = new Set(receipts.map(({ transaction }) => transaction)).size;
    if (batching) expect(transactions).toBeLessThan(64);
    else expect(transactions).toBe(64);
    expect(await witness(rig, payers[0]?.address ?? "0x")).toEqual({
      paid: before.paid - price,
      received: before.received + 64n * price,
      sent: before.sent + transactions,
    });
  });

  describe("a transaction that moves nothing is invalid_transaction_state, with its hash, and stays so", () => {
    it("when somebody else spends the authorization first", async () => {
      const steps = beforeBroadcast(async (payment) => {
        const hash = await rig.developer.sendTransaction({ ...transferCall(payment), chain: null });
        await minedReceipt(rig.developer, hash);
      });
      const overtaken = await rig.start({ steps });
      const request = await rig.request(await rig.newPayer());
      const receipt = await settle(overtaken.url, request);
      expect(receipt).toMatchObject({
        success: false,
        errorReason: "invalid_transaction_state",
        errorMessage: expect.stringMatching(/used or canceled/),
        transaction: expect.toSatisfy(isHash),
      });
      const before = await witness(rig, rig.chain.accounts.payer.address);
      expect(await settle(overtaken.url, request)).toEqual(receipt);
      expect(await witness(rig, rig.chain.accounts.payer.address)).toEqual(before);
    });

    it("when the token succeeds without a Transfer", async () => {
      const { chain, developer } = rig;
      const code = await developer.getCode({ address: chain.asset });
      const stop: Hex = "0x00";
      const silent = await rig.start({
        steps: beforeBroadcast(() => developer.setCode({ address: chain.asset, bytecode: stop })),
      });
      try {
        expect(await settle(silent.url, await rig.request(await rig.newPayer()))).toMatchObject({
          success: false,
          errorReason: "invalid_transaction_state",
          errorMessage: expect.stringMatching(/without a Transfer/),
          transaction: expect.toSatisfy(isHash),
        });
      } finally {
        await developer.setCode({ address: chain.asset, bytecode: code ?? "0x" });
      }
    });
  });

  it("an attempt that never reached the chain does not block a later one", async () => {
    let down = true;
    const flaky = await rig.start({
      steps: beforeBroadcast(async () => {
        if (down) throw new Error("the node is away");
      }),
    });
    const request = await rig.request(await rig.newPayer());
    expect(await settle(flaky.url, request)).toMatchObject({
      success: false,
      errorReason: "unexpected_settle_error",
      transaction: "",
    });
    down = false;
    expect(await verify(flaky.url, request)).toMatchObject({ isValid: true });
    expect(await settle(flaky.url, request)).toMatchObject({ success: true });
  });

  describe("a smart account pays with its contract's signature (ERC-1271)", () => {
    it("its owner's is accepted, a stranger's is not", async () => {
      const [owner, stranger] = await Promise.all([rig.newPayer(), rig.newPayer()]);
      const wallet = await deployWallet(owner.address);
      await rig.chain.fund(wallet, price);
      const forged = await rig.request(stranger, { authorization: { from: wallet } });
      expect(await verify(facilitator.url, forged)).toMatchObject({
        invalidReason: "invalid_exact_evm_payload_signature",
      });
      const request = await rig.request(owner, { authorization: { from: wallet } });
      expect(await verify(facilitator.url, request)).toMatchObject({ isValid: true, payer: wallet });
      expect(await settle(facilitator.url, request)).toMatchObject({ success: true, payer: wallet });
      expect(await rig.chain.ledger.balanceOf(wallet)).toBe(0n);
    });

    it("a contract that cannot sign is refused", async () => {
      const request = await rig.request(await rig.newPayer(), { authorization: { from: rig.chain.asset } });
      expect(await verify(facilitator.url, request)).toMatchObject({
        invalidReason: "invalid_exact_evm_payload_signature",
      });
    });

    async function deployWallet(owner: Hex): Promise<Hex> {
      const hre = await openContracts();
      const { abi, bytecode } = await hre.artifacts.readArtifact("SmartWallet");
      if (!isHex(bytecode)) throw new Error("The wallet's bytecode is not linked.");
      const hash = await rig.developer.deployContract({ abi, bytecode, args: [owner], chain: null });
      const { contractAddress } = await minedReceipt(rig.developer, hash);
      if (!contractAddress) throw new Error("The wallet was not deployed.");
      return contractAddress;
    }
  });

  it("a token of another address that has EIP-3009 is settled too", async () => {
    const { chain, developer } = rig;
    const asset: Hex = "0x00000000000000000000000000000000000000e9";
    const code = await developer.getCode({ address: chain.asset });
    await developer.setCode({ address: asset, bytecode: code ?? "0x" });
    const payer = await rig.newPayer();
    const hash = await developer.writeContract({
      address: asset,
      abi: usdcAbi,
      functionName: "mint",
      args: [payer.address, price],
      chain: null,
    });
    await minedReceipt(developer, hash);
    const request = await rig.request(payer, {
      requirements: { asset },
      domain: { verifyingContract: asset },
    });
    expect(await settle(facilitator.url, request)).toMatchObject({ success: true });
    expect(await chain.ledger.balanceOf(payer.address)).toBe(price * 10n);
  });
});
