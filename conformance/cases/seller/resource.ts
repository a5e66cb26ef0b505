import { Difference, Finding, field, NotApplicable, Unproven } from "../../engine/index.ts";
import { type Case, type Check, challenge, defineCase, served, settled } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What a proxy tells the seller behind it (RFC 7239 and its forerunners). */
const publicHost = "shop.example";
const forwarding = {
  "x-forwarded-host": publicHost,
  "x-forwarded-proto": "https",
  "x-forwarded-for": "203.0.113.7",
  forwarded: `host=${publicHost};proto=https;for=203.0.113.7`,
};

/** What `resource.url` names: the request that was made, whichever way it came. */
export const resourceCases: readonly Case[] = [
  defineCase({
    id: "seller.challenge.resource-query",
    requirement: "S-CH-06",
    title: "`resource.url` names no other query than the one that was requested",
    probe: (t) =>
      t.ask().expect(
        resource((url, requested) => {
          const other = [...url.searchParams].find(
            ([name, value]) =>
              requested.searchParams.has(name) && !requested.searchParams.getAll(name).includes(value),
          );
          if (other === undefined) return;
          throw new Finding("`resource.url` names another query.", requested.search, url.search);
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.resource-host",
    requirement: "S-CH-06",
    title: "`resource.url` names no host that only a proxy in front of the seller knows",
    probe: (t) =>
      t.ask().expect(
        resource((url, requested) => {
          if (!isKnownInsideOnly(url) || url.hostname === requested.hostname) return;
          throw new Difference(
            "`resource.url` names a host that was not asked for and that no buyer can reach: a proxy in front of the seller may give it its own name for it.",
            `${requested.origin}, or a public URL; in nginx: proxy_set_header Host $http_host`,
            url.href,
          );
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.resource-behind-a-proxy",
    requirement: "S-CH-06",
    title: "`resource.url` still names the requested path when a proxy forwards the request, and can be paid",
    control: aSale,
    probe: async (t) => {
      const forwarded = { ...t.paid, headers: { ...t.paid.headers, ...forwarding } };
      await t
        .ask(forwarded)
        .expect(
          ({ answer: { status } }) => {
            if (status < 400 || status === 402 || status >= 500) return;
            throw new NotApplicable(`The seller takes no such request from a proxy (status ${status}).`);
          },
          resource((url, requested) => {
            if (url.pathname === requested.pathname) return;
            throw new Finding("`resource.url` names another resource.", requested.pathname, url.href);
          }),
        )
        .done();
      await t.buy({}, forwarded).expect(served, settled(1)).done();
    },
  }),
];

/** Whether the host is a bare name, as an `upstream` of nginx, and neither an address nor `localhost`. */
function isKnownInsideOnly({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && /^[^.:]+$/.test(hostname) && hostname !== "localhost";
}

/** A readable `resource.url`, held against the URL that was requested. */
function resource(assertion: (url: URL, requested: URL) => void): Check {
  return challenge((c, { request }) => {
    const url = field(field(c, "resource"), "url");
    const parsed = typeof url === "string" ? URL.parse(url, request.origin) : null;
    if (parsed === null) throw new Unproven("`resource.url` is not a URL.");
    assertion(parsed, new URL(request.target, request.origin));
  });
}
