import { randomUUID } from "node:crypto";
import type { Hex } from "viem";
import { z } from "zod";
import { keyAccount } from "../key-account.ts";
import {
  bazaar,
  offerReceipt,
  paymentIdentifier,
  type SellerExtension,
  signInWithX,
} from "./extensions/index.ts";
import { type Route, route } from "./route.ts";

const anyRequest = z.object({});
/** Ways for the upstream of /flaky to fail. */
const upstreams = z.enum(["true", "false", "missing", "throws"]);
/** What is charged for a word of /summary, in atomic units. */
const perWord = 1n;
const cityQuery = z.strictObject({ city: z.string().min(1).max(100) });

/** What the reference seller offers. Prices are in atomic units: 1000 is a tenth of a cent of USDC. */
export const referenceRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/weather",
    price: 1_000n,
    description: "The weather in a city",
    input: z.object({ query: cityQuery }),
    example: { query: { city: "Berlin" } },
    handle: ({ query }) => ({ headers: { "x-weather-station": "sandbox" }, body: weatherIn(query.city) }),
  }),
  route({
    method: "POST",
    path: "/echo",
    price: 2_000n,
    description: "The message that was sent",
    input: z.object({ body: z.strictObject({ message: z.string().min(1).max(1_000) }) }),
    example: { body: { message: "hello" } },
    handle: ({ body }) => ({ body: { echo: body.message } }),
  }),
  route({
    method: "GET",
    path: "/premium",
    price: 50_000n,
    description: "A report that costs five cents",
    input: anyRequest,
    handle: () => ({
      body: { report: "premium", insight: "Umbrellas sell best on the day before the rain." },
    }),
  }),
  route({
    method: "GET",
    path: "/forecast",
    // As much as /weather: what was paid there must not open this.
    price: 1_000n,
    description: "The weather of the next days in a city, as server-sent events",
    mimeType: "text/event-stream",
    input: z.object({ query: cityQuery }),
    example: { query: { city: "Berlin" } },
    handle: ({ query }) => ({
      headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" },
      body: forecastFor(query.city),
    }),
  }),
  route({
    method: "GET",
    path: "/flaky",
    price: 3_000n,
    description: "Works, unless its upstream is told to fail",
    input: z.object({ query: z.strictObject({ fail: upstreams.optional() }) }),
    handle: ({ query }) => {
      if (query.fail === "throws") throw new Error("The upstream hung up.");
      if (query.fail === "true") return { status: 502, body: { error: "upstream failed" } };
      if (query.fail === "missing") return { status: 404, body: { error: "upstream has nothing there" } };
      return { body: { upstream: "answered" } };
    },
  }),
  route({
    method: "GET",
    path: "/almanac",
    price: 1_000n,
    paidBy: "permit2",
    description: "The weather of a month in a city, paid by Permit2",
    input: z.object({
      query: z.strictObject({ city: cityQuery.shape.city, fail: z.literal("true").optional() }),
    }),
    example: { query: { city: "Berlin" } },
    handle: ({ query }) => {
      if (query.fail !== undefined) return { status: 502, body: { error: "the archive is closed" } };
      const headers = { "x-weather-station": "sandbox" };
      return { headers, body: { almanac: query.city, month: weatherIn(`${query.city}, on average`) } };
    },
  }),
  route({
    method: "GET",
    path: "/summary",
    price: 5_000n,
    paidBy: "upto",
    description: "A text of so many words, charged by the word",
    input: z.object({
      query: z.strictObject({
        words: z.coerce.number().int().min(0).max(5_000),
        fail: z.literal("true").optional(),
      }),
    }),
    example: { query: { words: 120 } },
    handle: ({ query: { words, fail } }) => {
      if (fail !== undefined) return { status: 502, body: { error: "the writer is ill" } };
      const headers = { "x-words": String(words) };
      return { headers, body: { summary: textOf(words) }, charge: perWord * BigInt(words) };
    },
  }),
  route({
    method: "GET",
    path: "/ticket",
    price: 4_000n,
    description: "A ticket; the payment must have an identifier, so that nobody buys two by accident",
    input: anyRequest,
    handle: () => ({ body: { ticket: randomUUID() } }),
  }),
  route({
    method: "GET",
    path: "/free",
    description: "Costs nothing",
    input: anyRequest,
    handle: () => ({ body: { free: true } }),
  }),
  route({
    method: "GET",
    path: "/health",
    description: "Whether the seller is up",
    input: anyRequest,
    handle: () => ({ body: { status: "ok" } }),
  }),
];

/** What the reference seller offers beyond the sale itself; made anew for each seller, whose key signs offers. */
export function referenceExtensions(sellerKey: Hex): readonly SellerExtension[] {
  return [
    paymentIdentifier(({ path }) => path === "/ticket"),
    bazaar(),
    offerReceipt(keyAccount(sellerKey)),
    signInWithX(),
  ];
}

function textOf(words: number): string {
  const all = ["Umbrellas", "sell", "best", "on", "the", "day", "before", "the", "rain."];
  return Array.from({ length: words }, (_, index) => all[index % all.length]).join(" ");
}

const skies = ["clear", "cloudy", "rain", "snow", "storm"];

/** Server-sent events, one for each day (HTML standard, text/event-stream). */
async function* forecastFor(city: string) {
  for (const day of [1, 2, 3, 4, 5]) {
    yield `event: day\ndata: ${JSON.stringify({ day, ...weatherIn(`${city}, day ${day}`) })}\n\n`;
  }
}

/** The same city always has the same weather. */
function weatherIn(city: string) {
  const sum = [...city].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return { city, temperatureCelsius: (sum % 45) - 10, sky: skies[sum % skies.length] };
}
