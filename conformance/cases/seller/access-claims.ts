import { encodeBase64Text } from "../../engine/index.ts";
import { type Case, defineCase, provided, served, status, trying } from "../../engine/seller/index.ts";
import { opensNothing } from "./access.ts";
import { withQuery } from "./with-query.ts";

/** A receipt that no seller has ever written. */
const madeUpReceipt = encodeBase64Text(
  JSON.stringify({ success: true, transaction: `0x${"1".repeat(64)}`, network: "eip155:84532" }),
);

/** What anybody can say of oneself, by what it claims. */
const claims: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a search engine": {
    "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  },
  "a health check": { "user-agent": "kube-probe/1.31" },
  "a caller on the same machine, by X-Forwarded-For": { "x-forwarded-for": "127.0.0.1" },
  "a caller on the same machine, by X-Real-IP": { "x-real-ip": "127.0.0.1" },
  "a request for localhost": { host: "localhost" },
  "a call of the framework's own": {
    "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
  },
  "a subscriber": { authorization: "Bearer x402-assay" },
  "a receipt of somebody else": { "payment-response": madeUpReceipt, "x-payment-response": madeUpReceipt },
  "a preflight, by its header": { "access-control-request-method": "GET" },
  "a prefetch": { "sec-purpose": "prefetch", purpose: "prefetch" },
  "a part, by Range": { range: "bytes=0-" },
  "a WebSocket": {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "eDQwMi1hc3NheS1rZXkhIQ==",
  },
};

/** Requests without payment that claim to need none. */
export const accessClaimCases: readonly Case[] = [
  defineCase({
    id: "seller.access.claims-open-nothing",
    requirement: "S-ORD-01",
    protocol: "any",
    title: "Whoever a request without payment claims to be, and however it asks, it gets nothing",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      for (const [claim, headers] of Object.entries(claims)) {
        await t.provoke(t.paid, headers, trying(claim, ...opensNothing));
      }
    },
  }),
  defineCase({
    id: "seller.access.options-opens-nothing",
    requirement: "S-ORD-01",
    protocol: "any",
    title: "OPTIONS brings neither the paid content nor the paid work",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      await t.provoke({ ...t.paid, method: "OPTIONS" }, {}, ...opensNothing);
    },
  }),
  defineCase({
    id: "seller.access.method-override-to-the-paid-one",
    requirement: "S-ORD-18",
    protocol: "any",
    title:
      "A request that is let through for its method does not become a paid one by a method override header",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      for (const method of ["POST", "OPTIONS"].filter((other) => other !== t.paid.method)) {
        for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
          const checks = trying(`${method} with ${header}`, ...opensNothing);
          await t.provoke({ ...t.paid, method }, { [header]: t.paid.method }, checks);
        }
      }
    },
  }),
  defineCase({
    id: "seller.access.behind-a-free-path",
    requirement: "S-ORD-17",
    protocol: "any",
    title: "A path that begins with a free one, or a query that names it, does not open the resource",
    needs: ["free"],
    control: (t) => t.ask(t.request("free")).expect(served),
    probe: async (t) => {
      const [freePath = "/"] = t.request("free").target.split("?");
      const { target } = t.paid;
      const detours = [
        `${freePath}/..${target}`,
        `${freePath}/%2e%2e${target}`,
        `${freePath}%2f..${target}`,
        withQuery(t.paid, `next=${freePath}`).target,
      ];
      for (const detour of detours) {
        await t.provoke({ ...t.paid, target: detour }, {}, trying(detour, ...opensNothing));
      }
    },
  }),
];
