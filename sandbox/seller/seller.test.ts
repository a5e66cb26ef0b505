import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, startChain, usdcDomain } from "../chain/index.ts";
import { type RunningFacilitator, startFacilitator } from "../facilitator/index.ts";
import { type RunningSeller, startSeller } from "./seller.ts";
import { challengeOf, paymentHeader, receiptOf, signedPayment } from "./testing/buyer.ts";
import { send } from "./testing/http.ts";
import { openShop } from "./testing/shop.ts";

let chain: Chain;
let facilitator: RunningFacilitator;
let seller: RunningSeller;

beforeAll(async () => {
  chain = await startChain();
  facilitator = await startFacilitator({
    rpcUrl: chain.rpcUrl,
    privateKey: chain.accounts.facilitator.privateKey,
  });
  seller = await startSeller(terms());
});
afterAll(async () => {
  await seller?.stop();
  await facilitator?.stop();
  await chain?.stop();
});

function terms() {
  const { network, asset, accounts } = chain;
  return {
    facilitatorUrl: facilitator.url,
    payTo: accounts.seller.address,
    network,
    asset,
    domain: usdcDomain,
  };
}

async function paymentFor(path: string) {
  return signedPayment(challengeOf(await send(seller.url, path)), chain.accounts.payer.privateKey);
}

async function balances() {
  const { payer, seller: payee } = chain.accounts;
  return Promise.all([chain.ledger.balanceOf(payer.address), chain.ledger.balanceOf(payee.address)]);
}

test("on the chain, a sale moves exactly the price, once", async () => {
  const [payerBefore, sellerBefore] = await balances();
  const payment = await paymentFor("/weather?city=Rome");
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      send(seller.url, "/weather?city=Rome", { headers: paymentHeader(payment) }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 402, 402, 402]);
  const served = answers.find(({ status }) => status === 200);
  expect(served && receiptOf(served)).toMatchObject({
    success: true,
    network: chain.network,
    transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  });
  expect(await balances()).toEqual([payerBefore - 1_000n, sellerBefore + 1_000n]);
});

test("on the chain, a failing handler moves nothing", async () => {
  const before = await balances();
  const payment = await paymentFor("/flaky?fail=true");
  expect((await send(seller.url, "/flaky?fail=true", { headers: paymentHeader(payment) })).status).toBe(502);
  expect(await balances()).toEqual(before);
});

test("a seller that was started anew serves no spent payment", async () => {
  const payment = await paymentFor("/premium");
  const headers = { ...paymentHeader(payment), host: new URL(seller.url).host };
  expect((await send(seller.url, "/premium", { headers })).status).toBe(200);
  const successor = await startSeller(terms());
  try {
    const answer = await send(successor.url, "/premium", { headers });
    expect(answer.status).toBe(402);
    expect(challengeOf(answer).error).not.toBe("Payment required");
  } finally {
    await successor.stop();
  }
});

test("a port in use is named with the flag that changes it", async () => {
  const port = Number(new URL(seller.url).port);
  await expect(startSeller({ ...terms(), port })).rejects.toMatchObject({
    code: "port-in-use",
    next: expect.stringContaining("--seller-port"),
  });
});

test("stop ends open connections too", async () => {
  const shop = await openShop();
  const { hostname, port } = new URL(shop.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.resume();
  const closed = once(socket, "close");
  await shop.stop();
  await closed;
});

function startProcess(environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [`${import.meta.dirname}/start.ts`], {
    env: { PATH: process.env.PATH ?? "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function firstLine(stream: ChildProcess["stdout"]): Promise<string> {
  if (stream === null) throw new Error("the process has no such stream");
  const [line] = await once(createInterface(stream), "line");
  return String(line);
}

test("as a process it sells, reports paid work and ends on SIGTERM", async () => {
  const reports: unknown[] = [];
  const witness = createServer(async (request, response) => {
    reports.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(witness, "listening");
  const address = witness.address();
  const witnessPort = typeof address === "object" ? address?.port : undefined;
  const child = startProcess({
    FACILITATOR_URL: facilitator.url,
    PAY_TO: chain.accounts.seller.address,
    NETWORK: chain.network,
    ASSET_ADDRESS: chain.asset,
    WORK_URL: `http://127.0.0.1:${witnessPort}/work`,
  });
  try {
    const url = await firstLine(child.stdout);
    const path = "/weather?city=Rome";
    const payment = await signedPayment(challengeOf(await send(url, path)), chain.accounts.payer.privateKey);
    expect((await send(url, path, { headers: paymentHeader(payment) })).status).toBe(200);
    expect(reports).toEqual([{ route: "GET /weather", url: `${url}${path}` }]);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
    witness.close();
  }
});

test("as a process it names what its environment lacks", async () => {
  const child = startProcess({ FACILITATOR_URL: "nowhere" });
  const [line, [code]] = await Promise.all([firstLine(child.stderr), once(child, "exit")]);
  expect(line).toMatch(/FACILITATOR_URL.*PAY_TO.*NETWORK.*ASSET_ADDRESS/);
  expect(code).toBe(2);
});
