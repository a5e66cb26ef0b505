import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type HandlerResult, route } from "./route.ts";
import { referenceRoutes } from "./routes.ts";
import { receiptOf } from "./testing/buyer.ts";
import { type Script, settled } from "./testing/scripted-facilitator.ts";
import { openShop } from "./testing/shop.ts";

const network = "eip155:84532";
const refuses: Script = () => ({
  success: false,
  errorReason: "insufficient_funds",
  transaction: "",
  network,
});

/** A shop that sells what `body` makes under /stream. */
function streamShop(body: () => HandlerResult["body"], settle: Script[] = [settled]) {
  const streaming = route({
    method: "GET",
    path: "/stream",
    price: 1_000n,
    description: "A stream",
    input: z.object({}),
    handle: () => ({ headers: { "x-made-by": "handler" }, body: body() }),
  });
  return openShop({ settle }, { routes: [...referenceRoutes, streaming] });
}

test("the forecast comes as server-sent events, with a receipt", async () => {
  const shop = await openShop();
  const answer = await shop.pay("/forecast?city=Rome", await shop.sign("/forecast?city=Rome"));
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "text/event-stream" } });
  expect(answer.body.match(/^event: day$/gm)).toHaveLength(5);
  expect(receiptOf(answer).success).toBe(true);
});

test("a ReadableStream of bytes is sent as it is", async () => {
  const bytes = [new Uint8Array([104, 105]), new Uint8Array([33])];
  const shop = await streamShop(() => ReadableStream.from(bytes));
  expect(await shop.pay("/stream", await shop.sign("/stream"))).toMatchObject({ status: 200, body: "hi!" });
});

test("nothing is sent until the payment is settled, and no more is made than the first piece", async () => {
  const made: number[] = [];
  async function* counting() {
    for (const piece of [1, 2, 3]) {
      made.push(piece);
      yield `${piece}\n`;
    }
  }
  const release = Promise.withResolvers<void>();
  const shop = await streamShop(counting, [
    async (reply, call) => {
      await release.promise;
      return settled(reply, call);
    },
  ]);
  const payment = Buffer.from(JSON.stringify(await shop.sign("/stream"))).toString("base64");
  const head = vi.fn();
  const answer = fetch(`${shop.url}/stream`, { headers: { "payment-signature": payment } }).then(
    (response) => {
      head();
      return response.text();
    },
  );
  await vi.waitUntil(() => shop.facilitator.count("settle") === 1);
  expect(head).not.toHaveBeenCalled();
  expect(made).toEqual([1]);
  release.resolve();
  expect(await answer).toBe("1\n2\n3\n");
});

describe("a stream whose payment does not settle", () => {
  test("is ended, and nothing of it is sent", async () => {
    const ended = Promise.withResolvers<string>();
    async function* endless() {
      try {
        while (true) yield "secret\n";
      } finally {
        ended.resolve("ended");
      }
    }
    const shop = await streamShop(endless, [refuses]);
    const answer = await shop.pay("/stream", await shop.sign("/stream"));
    expect(answer.status).toBe(402);
    expect(answer.body).not.toContain("secret");
    expect(answer.headers).not.toHaveProperty("x-made-by");
    expect(receiptOf(answer).success).toBe(false);
    expect(await ended.promise).toBe("ended");
  });

  test("is kept for the same payment while that is open", async () => {
    const hangUp: Script = (reply) => void reply.hijack().raw.destroy();
    const make = vi.fn(async function* () {
      yield "once";
    });
    const shop = await streamShop(make, [hangUp, settled]);
    const payment = await shop.sign("/stream");
    expect((await shop.pay("/stream", payment)).status).toBe(503);
    expect(await shop.pay("/stream", payment)).toMatchObject({ status: 200, body: "once" });
    expect(make).toHaveBeenCalledTimes(1);
  });
});

describe("a stream that fails", () => {
  test.each([
    ["throws", new Error("no station")],
    ["gives what is neither text nor bytes", { not: "text" }],
  ])("before its first piece, because it %s, is a 500 that costs nothing", async (_name, piece) => {
    async function* failing() {
      if (piece instanceof Error) throw piece;
      yield piece;
    }
    const shop = await streamShop(failing);
    const answer = await shop.pay("/stream", await shop.sign("/stream"));
    expect(answer.status).toBe(500);
    expect(answer.headers).not.toHaveProperty("x-made-by");
    expect(shop.facilitator.count("settle")).toBe(0);
  });

  test("in the middle breaks off, and the payment stays spent", async () => {
    async function* breaking() {
      yield "one\n";
      throw new Error("the station went down");
    }
    const shop = await streamShop(breaking);
    const payment = await shop.sign("/stream");
    await expect(shop.pay("/stream", payment)).rejects.toThrow("aborted");
    expect(shop.facilitator.count("settle")).toBe(1);
    expect((await shop.pay("/stream", payment)).status).toBe(402);
    expect(shop.facilitator.count("settle")).toBe(1);
  });
});

test("a stream whose buyer goes away is ended", async () => {
  const ended = Promise.withResolvers<string>();
  async function* endless() {
    try {
      while (true) yield "more\n".repeat(1_000);
    } finally {
      ended.resolve("ended");
    }
  }
  const shop = await streamShop(endless);
  const payment = Buffer.from(JSON.stringify(await shop.sign("/stream"))).toString("base64");
  const leaving = new AbortController();
  const response = await fetch(`${shop.url}/stream`, {
    headers: { "payment-signature": payment },
    signal: leaving.signal,
  });
  expect(response.status).toBe(200);
  leaving.abort();
  expect(await ended.promise).toBe("ended");
});
