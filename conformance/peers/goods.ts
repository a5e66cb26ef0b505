/**
 * What the official sellers sell, whatever framework serves it: handlers without HTTP, so that each seller shows how
 * its framework's middleware behaves and nothing else.
 */
import { setTimeout as delay } from "node:timers/promises";

/** What a handler is asked. */
export interface Ask {
  readonly path: string;
  /** Path and query. */
  readonly url: string;
  readonly query: (name: string) => unknown;
  /** `X-Request-Id` of the buyer. */
  readonly requestId: string | undefined;
}

/** What it answers: JSON, or a stream of text. */
export interface Answer {
  readonly status: 200 | 400 | 502;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | ReadableStream<string>;
}

/** Milliseconds that the paid work takes, as work does: a payment is in flight for that long. */
const askingTheStation = 100;

/** What is charged for a word of `/summary`, in atomic units. */
const perWord = 10;

/** Prices of the paths that both versions of x402 can pay, as the middleware takes them. */
export const prices = {
  "/weather": { price: "$0.001", description: "The weather in a city" },
  "/premium": { price: "$0.05", description: "A report that costs five cents" },
  "/forecast": { price: "$0.001", description: "The weather of the next days, as server-sent events" },
  "/flaky": { price: "$0.003", description: "Works, unless its upstream is told to fail" },
} as const;

/** Those of the paths that take Permit2; of `/summary`, paid `upto`, the most that is charged. */
export const permitPrices = {
  "/almanac": { price: "$0.001", description: "The weather of a month in a city" },
  "/summary": { price: "$0.005", description: "A text of so many words, charged by the word" },
} as const;

/**
 * The handlers of all paths, `/free` included.
 *
 * @param workUrl gets a POST each time that a paid handler works
 */
export function goods(workUrl: string | undefined): Readonly<Record<string, (ask: Ask) => Promise<Answer>>> {
  const work = (ask: Ask) => reportWork(workUrl, ask);
  return {
    "/weather": async (ask) => {
      const city = ask.query("city");
      if (typeof city !== "string" || city === "") {
        return { status: 400, body: { error: "The query parameter city is missing." } };
      }
      await work(ask);
      await delay(askingTheStation);
      return {
        status: 200,
        headers: { "X-Weather-Station": `station of ${city}` },
        body: {
          city,
          temperatureCelsius: 12,
          sky: "cloudy",
          outlook: "Rain before midnight, then clear.",
        },
      };
    },
    "/premium": async (ask) => {
      await work(ask);
      const insight = "Umbrellas sell best on the day before the rain.";
      return { status: 200, body: { report: "premium", insight } };
    },
    "/forecast": async (ask) => {
      await work(ask);
      return {
        status: 200,
        headers: { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" },
        body: ReadableStream.from(forecast()),
      };
    },
    "/flaky": async (ask) => {
      await work(ask);
      if (ask.query("fail") === "true") return { status: 502, body: { error: "upstream failed" } };
      return { status: 200, body: { upstream: "answered" } };
    },
    "/almanac": async (ask) => {
      await work(ask);
      if (ask.query("fail") === "true") return { status: 502, body: { error: "the archive is closed" } };
      return { status: 200, body: { almanac: ask.query("city"), month: "Rain, and now and then the sun." } };
    },
    "/summary": async (ask) => {
      await work(ask);
      if (ask.query("fail") === "true") return { status: 502, body: { error: "the writer is ill" } };
      const words = Number(ask.query("words"));
      return {
        status: 200,
        // As the middleware's setSettlementOverrides sets it.
        headers: { "Settlement-Overrides": JSON.stringify({ amount: String(perWord * words) }) },
        body: { summary: `${words} words: ${"umbrella ".repeat(words)}` },
      };
    },
    "/free": async () => ({ status: 200, body: { free: true } }),
  };
}

async function* forecast() {
  for (const day of [1, 2, 3])
    yield `event: day\ndata: {"day":${day},"sky":"cloudy","wind":"north-east"}\n\n`;
}

/** Tells the suite that a paid handler ran; whoever listens may have gone. */
async function reportWork(workUrl: string | undefined, { path: route, url, requestId }: Ask): Promise<void> {
  if (workUrl === undefined) return;
  await fetch(workUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ route, url, requestId }),
  }).catch(() => undefined);
}
