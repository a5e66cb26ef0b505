import type { FastifyError, FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { ClaimBook } from "./claim-book.ts";
import { discoveryRoutes } from "./discovery.ts";
import { type Awaitable, jsonAnswer, type PaidWork, type PaymentTerms, type Seller } from "./exchange.ts";
import type { SellerExtension } from "./extensions/index.ts";
import { connectFacilitator, type FacilitatorTimeouts } from "./facilitator-client.ts";
import { corsHeaders, isExactPath, preflightHeaders, sellerRequest, sendAnswer } from "./over-fastify.ts";
import { serve } from "./pipeline.ts";
import { type ProtocolId, requirePayable, spokenProtocols } from "./protocols.ts";
import type { Route } from "./route.ts";
import { type SellerSteps, sellerSteps } from "./steps.ts";

/** What the plugin needs to know. */
export interface SellerOptions extends PaymentTerms {
  readonly routes: readonly Route[];
  /** Base URL of the facilitator that verifies and settles. */
  readonly facilitatorUrl: string;
  /** The versions of x402 that buyers may speak, in one 402 where there are two; `x402@2` alone unless told. */
  readonly protocols?: readonly ProtocolId[] | undefined;
  /** What is offered beyond the sale itself, e.g. `paymentIdentifier()`; nothing unless told. An instance serves one seller. */
  readonly extensions?: readonly SellerExtension[] | undefined;
  /** Where buyers reach this seller, e.g. `https://api.example.com`; where it listens unless told. For sign-in-with-x. */
  readonly origin?: string | undefined;
  /** Serve `/.well-known/x402` and `/openapi.json`; yes unless told. */
  readonly discovery?: boolean | undefined;
  /** Milliseconds; 10 s to verify and 60 s to settle unless told. */
  readonly facilitatorTimeouts?: FacilitatorTimeouts | undefined;
  /** Called each time a paid handler is about to run; the answer waits for it. */
  readonly onWork?: ((work: PaidWork) => Awaitable<void>) | undefined;
  readonly steps?: SellerSteps | undefined;
}

/**
 * A Fastify plugin that sells routes by x402 v2, v1 or both, by scheme `exact` with EIP-3009 or
 * Permit2, and by `upto`. Its routes, errors and headers stay
 * within it (`prefix` works); the app's other routes are untouched and free. Behind a proxy, set Fastify's
 * `trustProxy`, so that challenges name the public URL. To the facilitator it speaks v2, whatever the buyer speaks.
 *
 * @throws Problem `config` when `protocols` is empty, has `x402@1` on a network without a v1 name, or knows no way to pay
 *   one of the routes
 *
 * @example
 * const app = Fastify();
 * app.register(x402Seller, {
 *   facilitatorUrl: "http://127.0.0.1:4022",
 *   payTo: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
 *   network: "eip155:84532",
 *   asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
 *   domain: { name: "USDC", version: "2" },
 *   routes: [
 *     route({
 *       method: "GET",
 *       path: "/joke",
 *       price: 1000n, // 0.001 USDC
 *       description: "A joke",
 *       input: z.object({}),
 *       handle: () => ({ body: { joke: "402 walks into a bar. The bar is free." } }),
 *     }),
 *   ],
 * });
 * app.get("/about", () => "A route of your own");
 * await app.listen({ port: 3000 });
 */
export const x402Seller = fastifyPlugin(sellRoutes, {
  name: "x402-seller",
  fastify: "5.x",
  encapsulate: true,
});

async function sellRoutes(app: FastifyInstance, options: SellerOptions): Promise<void> {
  const { steps = sellerSteps, discovery = true } = options;
  const seller = openSeller(app, options);
  const routes = options.routes.map((route) => ({
    ...route,
    name: `${route.method} ${app.prefix}${route.path}`,
  }));
  for (const route of routes) requirePayable(route, seller.protocols);
  const sold = discovery ? [...routes, ...discoveryRoutes(under(app.prefix, routes), seller)] : routes;
  keepBodiesAsBytes(app);
  answerErrors(app);
  const cors = corsHeaders(seller.protocols);
  app.addHook("onRequest", async (_request, reply) => void reply.headers(cors));
  for (const route of sold) sellRoute(app, route, seller, steps);
  for (const path of new Set(sold.map((route) => route.path))) answerPreflight(app, path, seller);
}

function openSeller(app: FastifyInstance, options: SellerOptions): Seller {
  const protocols = spokenProtocols(options.protocols ?? ["x402@2"], options.network);
  const facilitator = connectFacilitator(options.facilitatorUrl, options.facilitatorTimeouts);
  app.addHook("onClose", () => facilitator.close());
  const { onWork, extensions = [] } = options;
  const claims = new ClaimBook();
  const origin = () => options.origin ?? app.listeningOrigin;
  return { terms: options, protocols, facilitator, claims, origin, extensions, onWork, log: app.log };
}

function under(prefix: string, routes: readonly Route[]): Route[] {
  return routes.map((route) => ({ ...route, path: `${prefix}${route.path}` }));
}

/** A HEAD route comes with every GET: the same answer, without its body. */
function sellRoute(app: FastifyInstance, route: Route, seller: Seller, steps: SellerSteps): void {
  app.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: true,
    handler: async (fastifyRequest, reply) => {
      if (!isExactPath(fastifyRequest)) {
        reply.callNotFound();
        return reply;
      }
      const request = sellerRequest(fastifyRequest);
      if (request === undefined)
        return sendAnswer(reply, jsonAnswer(400, { error: "invalid_request", reason: "Host" }));
      return sendAnswer(reply, await serve({ route, request, seller }, steps));
    },
  });
}

function answerPreflight(app: FastifyInstance, path: string, { protocols, extensions }: Seller): void {
  const headers = preflightHeaders(protocols, extensions);
  app.options(path, async (_request, reply) => reply.code(204).headers(headers).send());
}

/** The payment is bound to the body's bytes; `validate` parses them. */
function keepBodiesAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => body,
  );
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500, code, message } = error;
    if (statusCode < 500)
      return sendAnswer(reply, jsonAnswer(statusCode, { error: "invalid_request", reason: message, code }));
    request.log.error(error);
    return sendAnswer(reply, jsonAnswer(500, { error: "Internal server error" }));
  });
}
