import type { Socket } from "node:net";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import {
  errorReasons,
  extensionResponsesHeader,
  type SupportedResponse,
  toBase64Json,
  type VerifyResponse,
} from "../protocol/index.ts";
import { callerOf, type Receipt } from "./caller.ts";
import type { Facilitator } from "./facilitator.ts";

/** Largest body read, in bytes; a payment takes two thousand. */
const bodyLimit = 64 * 1024;

/** One call of the facilitator, before it is answered. */
export interface FacilitatorCall {
  readonly endpoint: "verify" | "settle" | "supported";
  /** The chain that is settled on, as the caller names it: in CAIP-2, or by its v1 name. */
  readonly network: string;
  /** The body as it came, parsed as JSON and nothing more; `/supported` has none. */
  readonly request: unknown;
  /** Lets the call happen and gives the honest answer. */
  readonly proceed: () => Promise<VerifyResponse | Receipt | SupportedResponse>;
}

/** What goes back to the caller in place of the honest answer: another one, or a closed connection. */
export type FacilitatorReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** At once, or `after` something has happened. */
  | { readonly kind: "hang-up"; readonly after?: Promise<unknown> };

/** Stands before the facilitator; `undefined` leaves the call to it. */
export type InterceptCall = (call: FacilitatorCall) => Promise<FacilitatorReply | undefined>;

/**
 * The facilitator's HTTP API (x402 v2 §7, §8): `POST /verify`, `POST /settle`, `GET /supported`,
 * `GET /discovery/resources`, and `GET /health`.
 * A payment that is refused is an answer, with status 200; only a request that cannot be read at all is a 4xx, in the
 * same shape.
 */
export function facilitatorServer(facilitator: Facilitator, intercept?: InterceptCall): FastifyInstance {
  // Such keys are left out where the request is read; a caller is told what is wrong with its payment, not with its JSON.
  const keysOfPrototypes = { onProtoPoisoning: "ignore", onConstructorPoisoning: "ignore" } as const;
  const server = Fastify({ bodyLimit, forceCloseConnections: "idle", ...keysOfPrototypes });

  const held = new Set<Socket>();

  const honest = {
    verify: (body: unknown) => facilitator.verify(body),
    settle: async (body: unknown, reply: FastifyReply) => {
      const { receipt, outcomes } = await facilitator.settleForSeller(body);
      if (Object.keys(outcomes).length > 0) reply.header(extensionResponsesHeader, toBase64Json(outcomes));
      return receipt;
    },
    supported: async () => facilitator.supported(),
  };

  const answer =
    (endpoint: FacilitatorCall["endpoint"]) => async (request: FastifyRequest, reply: FastifyReply) => {
      const proceed = () => honest[endpoint](request.body, reply);
      const network = callerOf(request.body).networkName(facilitator.network);
      const call = { endpoint, network, request: request.body, proceed };
      const other = await intercept?.(call);
      if (other === undefined) return proceed();
      if (other.kind === "answer") {
        const { status, contentType, headers = {}, body } = other;
        return reply.code(status).headers(headers).type(contentType).send(body);
      }
      reply.hijack();
      const { socket } = request.raw;
      held.add(socket);
      await other.after;
      held.delete(socket);
      socket.destroy();
    };

  server.post("/verify", answer("verify"));
  server.post("/settle", answer("settle"));
  server.get("/supported", answer("supported"));
  server.get("/discovery/resources", async (request, reply) => {
    const page = facilitator.discover(request.query);
    return page.ok ? page.value : reply.code(400).send({ error: page.error.message });
  });
  server.get("/health", async () => ({ status: "ok" }));
  // A call that is held would keep the server from closing.
  server.addHook("preClose", async () => {
    for (const socket of held) socket.destroy();
  });
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
