import { Finding } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  chargedAsDelivered,
  defineCase,
  noWork,
  provenNoWork,
  provided,
  refused,
  served,
  settled,
  status,
  type Trader,
  trying,
  whileStill,
  withheld,
} from "../../engine/seller/index.ts";
import { guardedMethods } from "./guarded-methods.ts";
import { withQuery } from "./with-query.ts";

/** Neither goods nor work for nothing. A server that hangs up gives neither. */
export const opensNothing = [withheld, noWork];

/** Ways around the paywall: other methods, other spellings of the path, other headers. */
export const accessCases: readonly Case[] = [
  defineCase({
    id: "seller.access.head-is-not-served",
    requirement: "S-ORD-16",
    protocol: "any",
    title: "HEAD on a paid resource is not served without payment",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      await t
        .ask({ ...t.paid, method: "HEAD" })
        .expect(refused)
        .done();
    },
  }),
  defineCase({
    id: "seller.access.head-does-no-work",
    requirement: "S-ORD-16",
    protocol: "any",
    title: "The paid handler does not run for HEAD without payment",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      await t
        .ask({ ...t.paid, method: "HEAD" })
        .expect(provenNoWork)
        .done();
    },
  }),
  defineCase({
    id: "seller.access.preflight-is-free",
    requirement: "S-CH-25",
    protocol: "any",
    title: "A CORS preflight is not answered with 402",
    probe: (t) =>
      t
        .ask(bodiless({ ...t.paid, method: "OPTIONS" }), {
          origin: "https://app.example",
          "access-control-request-method": t.paid.method,
          "access-control-request-headers": t.dialect.paymentHeader,
        })
        .expect(({ answer }) => {
          if (answer.status !== 402) return;
          throw new Finding("The preflight was asked to pay.", "any status but 402", "status 402");
        }),
  }),
  defineCase({
    id: "seller.access.method-override",
    requirement: "S-ORD-18",
    protocol: "any",
    title: "Method override headers do not open the resource",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
        await t
          .ask(t.paid, { [header]: "OPTIONS" })
          .expect(...opensNothing, settled(0))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.access.method-override-in-the-query",
    requirement: "S-ORD-18",
    protocol: "any",
    title: "A method named in the query does not open the resource",
    probe: async (t) => {
      for (const parameter of ["_method", "method", "x-http-method-override"]) {
        await t.provoke(withQuery(t.paid, `${parameter}=OPTIONS`), {}, trying(parameter, ...opensNothing));
      }
    },
  }),
  defineCase({
    id: "seller.access.path-in-a-header",
    requirement: "S-ORD-17",
    protocol: "any",
    title: "A header that names another path does not open the resource",
    needs: ["free"],
    control: (t) => t.ask(t.request("free")).expect(served),
    probe: async (t) => {
      for (const header of ["x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-forwarded-path"]) {
        const [free, paid] = [t.request("free"), t.paid];
        await t.provoke(free, { [header]: paid.target }, trying(`${header}, free`, ...opensNothing));
        await t.provoke(paid, { [header]: free.target }, trying(`${header}, paid`, opensNoMore(t)));
      }
    },
  }),
  defineCase({
    id: "seller.access.absolute-form",
    requirement: "S-ORD-17",
    protocol: "any",
    title: "A request target that is a whole URL does not open the resource",
    probe: async (t) => {
      for (const origin of [t.context.subject.origin, "http://elsewhere.example"]) {
        const target = `${origin}${t.paid.target}`;
        await t.provoke({ ...t.paid, target }, {}, trying(target, opensNoMore(t)));
      }
    },
  }),
  defineCase({
    id: "seller.access.path-variants",
    requirement: "S-ORD-17",
    protocol: "any",
    title: "Other spellings of the path do not open the resource",
    probe: async (t) => {
      for (const variant of pathVariants(t.paid)) {
        await t.provoke(variant, {}, trying(variant.target, ...opensNothing));
      }
    },
  }),
  defineCase({
    id: "seller.access.free-is-free",
    requirement: "S-ORD-11",
    protocol: "any",
    title: "A free request is served without payment, and a payment sent along is not taken",
    needs: ["free"],
    control: (t) => t.ask(t.request("free")).expect(served),
    probe: async (t) => {
      const payment = await t.prepare();
      await t.resend(payment, t.request("free")).expect(settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.access.unknown-route-takes-nothing",
    requirement: "S-ORD-11",
    protocol: "any",
    title: "A payment for a route that does not exist is not taken unless something is delivered",
    probe: async (t) => {
      await takesNothingFor(t, { method: "GET", target: "/x402-assay-no-such-route" });
    },
  }),
  defineCase({
    id: "seller.access.other-method-takes-nothing",
    requirement: "S-ORD-11",
    protocol: "any",
    title: "A payment with another method is not taken unless something is delivered",
    probe: async (t) => {
      for (const request of await guardedMethods(t)) {
        const payment = await t.prepare();
        await t.resend(payment, request).expect(trying(request.method, chargedAsDelivered)).done();
      }
    },
  }),
  defineCase({
    id: "seller.access.path-below-takes-nothing",
    requirement: "S-ORD-11",
    protocol: "any",
    title: "A payment for a path below the resource is not taken unless something is delivered",
    probe: async (t) => {
      const [path = "/"] = t.paid.target.split("?");
      await takesNothingFor(t, {
        method: "GET",
        target: `${path.replace(/\/$/, "")}/x402-assay-no-such-thing`,
      });
    },
  }),
];

/** Opens nothing, or what is open to a plain request, too, e.g. by a cache: another case judges that. */
function opensNoMore(t: Trader): Check {
  const plainAsk = t.ask().expect(provided(status(402)));
  return whileStill(() => plainAsk.done(), ...opensNothing);
}

/** A payment that is sent where nothing is sold is not taken; where something is, it buys that. */
async function takesNothingFor(t: Trader, request: ApiRequest): Promise<void> {
  const { answer } = await t.ask(request).done();
  const isFree = answer.status < 300;
  const payment = await t.prepareFor(request);
  await t
    .resend(payment, request)
    .expect(isFree ? settled(0) : chargedAsDelivered)
    .done();
}

/** The same request without a body. */
export function bodiless({ body: _, ...request }: ApiRequest): ApiRequest {
  return request;
}

/** Spellings of a path that sloppy routers take for the same one. */
function pathVariants(request: ApiRequest): ApiRequest[] {
  const [path = "/", ...query] = request.target.split("?");
  const suffix = query.length === 0 ? "" : `?${query.join("?")}`;
  const last = path.slice(1);
  const firstLetter = path.charCodeAt(1).toString(16);
  const paths = [
    `${path}/`,
    `${path}//`,
    `/${path}`,
    `/.${path}`,
    `${path}/.`,
    `/%2e${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/x%2f..${path}`,
    path.toUpperCase(),
    `/%${firstLetter}${last.slice(1)}`,
    `/%25${firstLetter}${last.slice(1)}`,
    `/%2f${last}`,
    `${path}%2f`,
    `/%5c${last}`,
    `/\\${last}`,
    `${path}%00`,
    `${path}%0a`,
    `${path}%0d%0a`,
    `${path}%20`,
    `${path}%`,
    `${path}%zz`,
    `${path}%c0%af`,
    `${path};a=b`,
    `${path}.json`,
    `${path}%3f`,
    `${path}#x`,
  ];
  return paths
    .filter((variant) => variant !== path)
    .map((variant) => ({ ...request, target: `${variant}${suffix}` }));
}
