import type { AddressInfo } from "node:net";
import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { verifyTypedData } from "viem";
import { baseSepoliaUsdc, namedAccounts } from "../../chain/index.ts";
import {
  authorizationTypedData,
  type PaymentPayload,
  type PaymentRequired,
  type PaymentRequirements,
  parseExactEvmPayload,
  type SettleResponse,
  toBase64Json,
  tokenDomain,
  x402V2,
} from "../../protocol/index.ts";

/** A request as the scripted seller received it; `signatureIsValid` is undefined when it carried no payment. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: FastifyRequest["headers"];
  readonly body: Buffer;
  readonly payment: PaymentPayload | undefined;
  /** The value of the header that pays, of v2 or v1. */
  readonly paymentHeader: string | undefined;
  readonly signatureIsValid: boolean | undefined;
}

/** What the seller does with one request. */
export type Scene = (reply: FastifyReply, received: Received) => unknown;

/** How the seller meets an unpaid and a paid request. */
export interface Script {
  readonly unpaid?: Scene;
  readonly paid?: Scene;
}

/** A seller on a free port that plays a script and keeps what it received. */
export interface ScriptedSeller {
  readonly origin: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** An entry of `accepts` as the sandbox's seller gives it, priced at 0.001 USDC. */
export const goodEntry: PaymentRequirements = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "1000",
  asset: baseSepoliaUsdc,
  payTo: namedAccounts.seller.address,
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};

/** A challenge with these entries. */
export function challengeWith(...accepts: PaymentRequirements[]): PaymentRequired {
  return {
    x402Version: 2,
    error: "Payment required",
    resource: { url: "http://seller.test/weather" },
    accepts,
  };
}

/** A receipt of a settled payment. */
export const goodReceipt: SettleResponse = {
  success: true,
  transaction: `0x${"ab".repeat(32)}`,
  network: "eip155:84532",
};

/** Demands payment, in whatever shape. */
export function demand(challenge: unknown): Scene {
  return (reply) => reply.code(402).header("payment-required", toBase64Json(challenge)).send({});
}

/** Demands payment by x402 v1, in the body. */
export function demandV1(...accepts: unknown[]): Scene {
  return (reply) => reply.code(402).send({ x402Version: 1, error: "X-PAYMENT header is required", accepts });
}

/** An entry of v1 like {@link goodEntry}. */
export const goodEntryV1 = {
  scheme: "exact",
  network: "base-sepolia",
  maxAmountRequired: "1000",
  asset: baseSepoliaUsdc,
  payTo: namedAccounts.seller.address,
  resource: "http://seller.test/weather",
  description: "The weather",
  mimeType: "application/json",
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};

/** Answers with a status, a JSON body and, where one is given, a receipt. */
export function answer(status: number, body: unknown, receipt?: unknown): Scene {
  return (reply) => {
    if (receipt !== undefined) reply.header("payment-response", toBase64Json(receipt));
    return reply.code(status).send(body);
  };
}

/** Ends the connection without an answer. */
export const hangUp: Scene = (reply) => {
  reply.hijack();
  reply.raw.socket?.destroy();
};

/** Starts a seller; without a script it asks for {@link goodEntry} and delivers `{ sunny: true }` with a receipt. */
export async function startScriptedSeller(script: Script = {}): Promise<ScriptedSeller> {
  const { unpaid = demand(challengeWith(goodEntry)), paid = answer(200, { sunny: true }, goodReceipt) } =
    script;
  const received: Received[] = [];
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.all("*", async (request, reply) => {
    const exchange = await receive(request);
    received.push(exchange);
    return exchange.paymentHeader === undefined ? unpaid(reply, exchange) : paid(reply, exchange);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, received, close: () => app.close() };
}

async function receive(request: FastifyRequest): Promise<Received> {
  const { method, url, headers } = request;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const parsed = x402V2.readPayment(headers);
  const payment = parsed?.ok ? parsed.value : undefined;
  const signatureIsValid = payment === undefined ? undefined : await isSignedByPayer(payment);
  const paymentHeader = [headers["payment-signature"], headers["x-payment"]].find(
    (value) => value !== undefined,
  );
  return { method, url, headers, body, payment, paymentHeader: paymentHeader?.toString(), signatureIsValid };
}

async function isSignedByPayer({ accepted, payload }: PaymentPayload): Promise<boolean> {
  const exact = parseExactEvmPayload(payload);
  const domain = tokenDomain(accepted);
  if (!exact.ok || !domain.ok) return false;
  const { authorization, signature } = exact.value;
  const typedData = authorizationTypedData(domain.value, authorization);
  return verifyTypedData({ ...typedData, address: authorization.from, signature: signature });
}
