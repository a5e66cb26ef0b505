import {
  type ApiRequest,
  type Case,
  chargedAsDelivered,
  defineCase,
  Finding,
  provided,
  refused,
  settled,
  status,
  withheld,
} from "../../engine/index.ts";

/** Ways around the paywall: other methods, other spellings of the path, other headers. */
export const accessCases: readonly Case[] = [
  defineCase({
    id: "seller.access.head-is-not-served",
    requirement: "S-ORD-16",
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
    id: "seller.access.preflight-is-free",
    requirement: "S-CH-25",
    title: "A CORS preflight is not answered with 402",
    probe: (t) =>
      t
        .ask(bodiless({ ...t.paid, method: "OPTIONS" }), {
          origin: "https://app.example",
          "access-control-request-method": t.paid.method,
          "access-control-request-headers": "payment-signature",
        })
        .expect(({ answer }) => {
          if (answer.status !== 402) return;
          throw new Finding("The preflight was asked to pay.", "any status but 402", "status 402");
        }),
  }),
  defineCase({
    id: "seller.access.method-override",
    requirement: "S-ORD-18",
    title: "Method override headers do not open the resource",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      for (const header of ["x-http-method-override", "x-http-method", "x-method-override"]) {
        await t
          .ask(t.paid, { [header]: "OPTIONS" })
          .expect(refused, withheld, settled(0))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.access.path-variants",
    requirement: "S-ORD-17",
    title: "Other spellings of the path do not open the resource",
    probe: async (t) => {
      for (const variant of pathVariants(t.paid)) await t.ask(variant).expect(withheld, settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.access.free-is-free",
    requirement: "S-ORD-11",
    title: "A free request is served without payment, and a payment sent along is not taken",
    needs: ["free"],
    control: (t) => t.ask(t.request("free")).expect(status(200)),
    probe: async (t) => {
      const payment = await t.prepare();
      await t.resend(payment, t.request("free")).expect(settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.access.unknown-route-takes-nothing",
    requirement: "S-ORD-11",
    title: "A payment for a route that does not exist is not taken unless something is delivered",
    probe: async (t) => {
      const nowhere = { method: "GET", target: "/x402-assay-no-such-route" };
      const payment = await t.prepareFor(nowhere);
      await t.resend(payment, nowhere).expect(chargedAsDelivered).done();
    },
  }),
];

function bodiless({ body: _, ...request }: ApiRequest): ApiRequest {
  return request;
}

/** Spellings of a path that sloppy routers take for the same one. */
function pathVariants(request: ApiRequest): ApiRequest[] {
  const [path = "/", ...query] = request.target.split("?");
  const suffix = query.length === 0 ? "" : `?${query.join("?")}`;
  const last = path.slice(1);
  const encodedLetter = `/%${last.charCodeAt(0).toString(16)}${last.slice(1)}`;
  const paths = [
    `${path}/`,
    `/${path}`,
    `/.${path}`,
    `/x/..${path}`,
    path.toUpperCase(),
    encodedLetter,
    `/%2f${last}`,
    `/%5c${last}`,
    `${path}%00`,
    `${path}%0a`,
    `${path};a=b`,
    `${path}.json`,
  ];
  return paths
    .filter((variant) => variant !== path)
    .map((variant) => ({ ...request, target: `${variant}${suffix}` }));
}
