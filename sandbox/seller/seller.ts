import Fastify, { type FastifyBaseLogger } from "fastify";
import { listen } from "../listen.ts";
import { anyOrigin } from "./over-fastify.ts";
import { type SellerOptions, x402Seller } from "./plugin.ts";
import { isPayable, spokenProtocols } from "./protocols.ts";
import { referenceRoutes } from "./routes.ts";

/** How to start the reference seller. */
export interface StartSellerOptions extends Omit<SellerOptions, "routes" | "discovery"> {
  /** IP address to listen on, `0.0.0.0` for all interfaces; 127.0.0.1 unless told. */
  readonly host?: string | undefined;
  /** A free one unless told. */
  readonly port?: number | undefined;
  /** What is sold; unless told, those of the reference routes that can be paid in the versions that are spoken. */
  readonly routes?: SellerOptions["routes"] | undefined;
  /** Believe X-Forwarded-Host and X-Forwarded-Proto: only behind a proxy that sets them. */
  readonly trustProxy?: boolean | undefined;
  readonly logger?: FastifyBaseLogger | undefined;
}

/** A seller that is running. `stop` ends it at once, open connections included. */
export interface RunningSeller {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the reference seller.
 *
 * @throws Problem `port-in-use`, `config` (`protocols` cannot be spoken)
 *
 * @example
 * const seller = await startSeller({
 *   facilitatorUrl: facilitator.url,
 *   payTo: chain.accounts.seller.address,
 *   network: chain.network,
 *   asset: chain.asset,
 *   domain: usdcDomain,
 * });
 * await fetch(`${seller.url}/weather?city=Rome`); // 402
 * await seller.stop();
 */
export async function startSeller(options: StartSellerOptions): Promise<RunningSeller> {
  const { host, port, trustProxy = false, logger, routes = payableRoutes(options) } = options;
  const app = Fastify({
    trustProxy,
    forceCloseConnections: true,
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).headers(anyOrigin).send({ error: "not_found" }),
  );
  app.register(x402Seller, { ...options, routes });
  const url = await listen(app, { host, port, flag: "--seller-port" });
  return { url, stop: () => app.close() };
}

function payableRoutes({ protocols = ["x402@2"], network }: StartSellerOptions): SellerOptions["routes"] {
  const spoken = spokenProtocols(protocols, network);
  return referenceRoutes.filter((route) => isPayable(route, spoken));
}
