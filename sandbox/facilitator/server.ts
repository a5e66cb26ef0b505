import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { errorReasons } from "../protocol/index.ts";
import type { Facilitator } from "./facilitator.ts";

/** Largest body read, in bytes; a payment takes two thousand. */
const bodyLimit = 64 * 1024;

/** One question to the facilitator and its answer. */
export interface FacilitatorExchange {
  readonly endpoint: "verify" | "settle";
  readonly request: unknown;
  readonly response: unknown;
  readonly durationMs: number;
}

/**
 * The facilitator's HTTP API (x402 v2 §7): `POST /verify`, `POST /settle`, `GET /supported`, and `GET /health`.
 * A payment that is refused is an answer, with status 200; only a request that cannot be read at all is a 4xx, in the
 * same shape.
 */
export function facilitatorServer(
  facilitator: Facilitator,
  onExchange: (exchange: FacilitatorExchange) => void = () => undefined,
): FastifyInstance {
  const server = Fastify({ bodyLimit, forceCloseConnections: "idle" });

  const answer = (endpoint: FacilitatorExchange["endpoint"]) => async (request: FastifyRequest) => {
    const started = performance.now();
    const response = await facilitator[endpoint](request.body);
    onExchange({ endpoint, request: request.body, response, durationMs: performance.now() - started });
    return response;
  };

  server.post("/verify", answer("verify"));
  server.post("/settle", answer("settle"));
  server.get("/supported", async () => facilitator.supported());
  server.get("/health", async () => ({ status: "ok" }));
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    const message =
      status < 500 && error instanceof Error ? error.message : "The request could not be answered.";
    return reply.code(status).send(unreadable(request.url, message, facilitator));
  });
  return server;
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}

/** The answer to a body that is no JSON, too large or of another type, in the shape of the endpoint. */
function unreadable(path: string, message: string, facilitator: Facilitator) {
  const reason = `${errorReasons.invalid_payload} ${message}`;
  if (path.startsWith("/verify"))
    return { isValid: false, invalidReason: "invalid_payload", invalidMessage: reason };
  if (!path.startsWith("/settle")) return { error: message };
  return {
    success: false,
    errorReason: "invalid_payload",
    errorMessage: reason,
    transaction: "",
    network: facilitator.network,
  };
}
