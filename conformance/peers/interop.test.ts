import { type Address, type Hex, isHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { developerOf, pay, readerOf, type Sandbox, startSandbox, startSeller, usdcDomain } from "#sandbox";
import { runPeer, startPeer } from "./testing/run-peer.ts";

/** What `GET /weather` costs at either seller, in atomic units. */
const price = 1_000n;

type Maker = "ours" | "official";
const makers: readonly Maker[] = ["ours", "official"];
const stacks = makers.flatMap((client) =>
  makers.flatMap((seller) => makers.map((facilitator) => ({ client, seller, facilitator }))),
);

let sandbox: Sandbox;
/** Where each seller listens, by who made it and who made the facilitator behind it. */
let sellers: Record<Maker, Record<Maker, string>>;
/** The account from which each facilitator settles. */
let settlers: Record<Maker, Address>;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  running.push(sandbox);
  const { rpcUrl, chainId, facilitatorUrl, sellerUrl, accounts } = sandbox.description;
  const key = await keyWithGas(rpcUrl);
  const official = await startPeer("facilitator.ts", {
    RPC_URL: rpcUrl,
    CHAIN_ID: String(chainId),
    FACILITATOR_PRIVATE_KEY: key,
    PORT: "0",
  });
  running.push(official);
  settlers = { ours: accounts.facilitator.address, official: privateKeyToAccount(key).address };
  sellers = {
    ours: { ours: sellerUrl, official: await ourSeller(official.url) },
    official: { ours: await officialSeller(facilitatorUrl), official: await officialSeller(official.url) },
  };
});

afterAll(async () => {
  for (const program of running.reverse()) await program.stop();
});

describe("a payment goes through", () => {
  test.each(stacks)("client $client, seller $seller, facilitator $facilitator", async (stack) => {
    const { chain, description } = sandbox;
    const key = generatePrivateKey();
    const payer = privateKeyToAccount(key).address;
    await chain.fund(payer, 1_000_000n);
    const earnedBefore = await chain.ledger.balanceOf(description.accounts.seller.address);

    const url = `${sellers[stack.seller][stack.facilitator]}/weather?city=Berlin`;
    const sale = stack.client === "ours" ? await ourClientPays(url, key) : await officialClientPays(url, key);

    expect(sale.body).toMatchObject({ city: "Berlin" });
    expect(await chain.ledger.balanceOf(payer)).toBe(1_000_000n - price);
    expect(await chain.ledger.balanceOf(description.accounts.seller.address)).toBe(earnedBefore + price);
    const settlement = await readerOf(description.rpcUrl).getTransaction({ hash: sale.transaction });
    expect(settlement.from).toBe(settlers[stack.facilitator].toLowerCase());
  });
});

/** A sale as the buyer sees it. */
interface Sale {
  readonly body: unknown;
  readonly transaction: Hex;
}

const transactionHash = z.custom<Hex>((value) => isHex(value) && value.length === 66);
const officialOutcome = z.object({
  status: z.literal(200),
  body: z.string(),
  receipt: z.object({ success: z.literal(true), transaction: transactionHash }),
});

async function ourClientPays(url: string, key: Hex): Promise<Sale> {
  const outcome = await pay(url, { signer: privateKeyToAccount(key), maxAmount: price });
  if (outcome.kind !== "paid") throw new Error(`The client did not pay: ${outcome.kind}.`);
  return {
    body: await outcome.response.json(),
    transaction: transactionHash.parse(outcome.receipt?.transaction),
  };
}

async function officialClientPays(url: string, key: Hex): Promise<Sale> {
  const printed = await runPeer("fetch-client.ts", { X402_URL: url, PAYER_PRIVATE_KEY: key });
  const { body, receipt } = officialOutcome.parse(JSON.parse(printed));
  return { body: JSON.parse(body), transaction: receipt.transaction };
}

async function ourSeller(facilitatorUrl: string): Promise<string> {
  const { network, asset, accounts } = sandbox.description;
  const payTo = accounts.seller.address;
  const seller = await startSeller({ facilitatorUrl, payTo, network, asset, domain: usdcDomain });
  running.push(seller);
  return seller.url;
}

async function officialSeller(facilitatorUrl: string): Promise<string> {
  const { network, accounts } = sandbox.description;
  const seller = await startPeer("express-seller.ts", {
    FACILITATOR_URL: facilitatorUrl,
    PAY_TO: accounts.seller.address,
    NETWORK: network,
    PORT: "0",
  });
  running.push(seller);
  return seller.url;
}

/** A facilitator of its own account: two programs that settle from one account would take each other's nonces. */
async function keyWithGas(rpcUrl: string): Promise<Hex> {
  const key = generatePrivateKey();
  await developerOf(rpcUrl).setBalance({ address: privateKeyToAccount(key).address, value: 10n ** 18n });
  return key;
}
