import { randomBytes } from "node:crypto";
import { type Hex, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorizationTypedData } from "../protocol/index.ts";
import { derivePayer, type NamedAccount } from "./accounts.ts";
import { type Chain, startChain } from "./chain.ts";
import { type ChainDeveloper, developerOf } from "./connection.ts";
import { minedReceipt } from "./mined.ts";
import { usdcAbi, usdcDomain } from "./token.ts";

let chain: Chain;
let developer: ChainDeveloper;
beforeAll(async () => {
  chain = await startChain();
  developer = developerOf(chain.rpcUrl);
});
afterAll(() => chain.stop());

test("balances can be read at any point that has passed", async () => {
  const payer = await fundedPayer("balances");
  const before = await chain.ledger.now();
  await pay(payer, 30n);
  const between = await chain.ledger.now();
  await pay(payer, 12n);
  const { balanceOf } = chain.ledger;
  expect(await balanceOf(payer.address, before)).toBe(100n);
  expect(await balanceOf(payer.address, between)).toBe(70n);
  expect(await balanceOf(payer.address)).toBe(58n);
});

test("transfers and authorizations are those of one account after one point, oldest first", async () => {
  const payer = await fundedPayer("events");
  const other = await fundedPayer("somebody else");
  await pay(payer, 1n);
  const after = await chain.ledger.now();
  const first = await pay(payer, 2n);
  await pay(other, 50n);
  const second = await pay(payer, 3n);

  const transfers = await chain.ledger.transfersFrom(payer.address, { after });
  const to = chain.accounts.seller.address;
  expect(transfers).toEqual([
    { from: payer.address, to, value: 2n, transaction: first.transaction, block: first.block },
    { from: payer.address, to, value: 3n, transaction: second.transaction, block: second.block },
  ]);
  const used = await chain.ledger.authorizationsUsedBy(payer.address, { after });
  expect(used.map(({ nonce }) => nonce)).toEqual([first.nonce, second.nonce]);
  expect(used[0]).toEqual({
    authorizer: payer.address,
    nonce: first.nonce,
    transaction: first.transaction,
    block: first.block,
  });
});

test("a span ends where it is told to", async () => {
  const payer = await fundedPayer("spans");
  const after = await chain.ledger.now();
  const first = await pay(payer, 2n);
  await pay(payer, 3n);
  const transfers = await chain.ledger.transfersFrom(payer.address, { after, until: first.block });
  expect(transfers.map(({ value }) => value)).toEqual([2n]);
});

test("nothing happened since now", async () => {
  const payer = await fundedPayer("nothing");
  await pay(payer, 2n);
  const after = await chain.ledger.now();
  expect(await chain.ledger.transfersFrom(payer.address, { after })).toEqual([]);
  expect(await chain.ledger.authorizationsUsedBy(payer.address, { after })).toEqual([]);
});

test("a nonce is spent by a payment and by a cancellation, for its payer only", async () => {
  const payer = await fundedPayer("nonces");
  const { nonce } = await pay(payer, 1n);
  expect(await chain.ledger.isNonceSpent(payer.address, nonce)).toBe(true);
  expect(await chain.ledger.isNonceSpent(chain.accounts.payer.address, nonce)).toBe(false);
  expect(await chain.ledger.isNonceSpent(payer.address, newNonce())).toBe(false);

  const cancelled = newNonce();
  const signature = await privateKeyToAccount(payer.privateKey).signTypedData({
    domain: domain(),
    types: {
      CancelAuthorization: [
        { name: "authorizer", type: "address" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType: "CancelAuthorization",
    message: { authorizer: payer.address, nonce: cancelled },
  });
  await send("cancelAuthorization", [payer.address, cancelled, signature]);
  expect(await chain.ledger.isNonceSpent(payer.address, cancelled)).toBe(true);
});

test("an account's transactions are counted between two points", async () => {
  const { address } = developer.account;
  const before = await chain.ledger.now();
  await pay(await fundedPayer("counts"), 1n);
  const after = await chain.ledger.now();
  const count = chain.ledger.transactionCount;
  // One of the faucet, one of the payment: the deployer sends both here.
  expect((await count(address, after)) - (await count(address, before))).toBe(2);
  expect(await count(address)).toBe(await count(address, after));
});

async function fundedPayer(label: string): Promise<NamedAccount> {
  const payer = derivePayer("ledger", label);
  await chain.fund(payer.address, 100n);
  return payer;
}

/** Pays the seller on chain, without any facilitator. */
async function pay(payer: NamedAccount, value: bigint) {
  const nonce = newNonce();
  const to = chain.accounts.seller.address;
  const authorization = {
    from: payer.address,
    to,
    value: `${value}`,
    validAfter: "0",
    validBefore: "99999999999",
    nonce,
  };
  const signature = await privateKeyToAccount(payer.privateKey).signTypedData(
    authorizationTypedData(domain(), authorization),
  );
  const args = [payer.address, to, value, 0n, 99_999_999_999n, nonce, signature] as const;
  return { nonce, ...(await send("transferWithAuthorization", args)) };
}

type Call =
  | readonly ["transferWithAuthorization", readonly [Hex, Hex, bigint, bigint, bigint, Hex, Hex]]
  | readonly ["cancelAuthorization", readonly [Hex, Hex, Hex]];

async function send(...[functionName, args]: Call) {
  const request = { address: chain.asset, abi: usdcAbi, chain: null } as const;
  const hash =
    functionName === "cancelAuthorization"
      ? await developer.writeContract({ ...request, functionName, args })
      : await developer.writeContract({ ...request, functionName, args });
  const { blockNumber } = await minedReceipt(developer, hash);
  return { transaction: hash, block: blockNumber };
}

function domain() {
  return { ...usdcDomain, chainId: chain.chainId, verifyingContract: chain.asset };
}

function newNonce(): Hex {
  return toHex(randomBytes(32));
}
