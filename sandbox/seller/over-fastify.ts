import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isStream } from "./body-stream.ts";
import type { Answer, SellerRequest } from "./exchange.ts";
import type { SellerExtension } from "./extensions/index.ts";
import type { SellerProtocol } from "./protocols.ts";

/** Cross-origin callers may read the answer (Fetch standard, CORS). */
export const anyOrigin = { "access-control-allow-origin": "*" } as const;

/** Cross-origin callers may also read what they are asked for, in the versions that are spoken. */
export function corsHeaders(protocols: readonly SellerProtocol[]): Record<string, string> {
  const read = protocols.flatMap(({ cors }) => cors.read);
  return { ...anyOrigin, "access-control-expose-headers": read.join(", ") };
}

/** For the answer to a preflight: cross-origin callers may pay. */
export function preflightHeaders(
  protocols: readonly SellerProtocol[],
  extensions: readonly SellerExtension[],
): Record<string, string> {
  const sent = [
    ...protocols.flatMap(({ cors }) => cors.sent),
    ...extensions.flatMap(({ headers }) => headers ?? []),
  ];
  return {
    ...corsHeaders(protocols),
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": [...sent, "Content-Type", "Accept"].join(", "),
    "access-control-max-age": "600",
  };
}

/** The request as the seller sees it; `undefined` when its Host makes no URL. X-Forwarded-* count with Fastify's `trustProxy`. */
export function sellerRequest(request: FastifyRequest): SellerRequest | undefined {
  const url = URL.parse(`${request.protocol}://${request.host}${request.originalUrl}`);
  if (url === null) return undefined;
  return {
    method: request.method,
    url: url.href,
    headers: request.headers,
    params: request.params,
    query: request.query,
    body: request.body instanceof Uint8Array ? request.body : undefined,
  };
}

/**
 * Is the path spelled as the route's? The router decodes before it compares, so `/we%61ther` would reach `/weather`;
 * whoever guards a path by its spelling, a proxy or a cache, sees another one.
 */
export function isExactPath(request: FastifyRequest): boolean {
  const spelled = (request.raw.url ?? "").split("?", 1).join().split("/");
  const pattern = (request.routeOptions.url ?? "").split("/");
  return (
    spelled.length === pattern.length &&
    pattern.every((segment, index) => fits(segment, spelled[index] ?? ""))
  );
}

const emptyOrDots = /^(\.|%2e){0,2}$/i;

function fits(segment: string, spelled: string): boolean {
  return segment.startsWith(":") ? !emptyOrDots.test(spelled) : segment === spelled;
}

/** Sends an answer as it is. */
export function sendAnswer(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(sendable(body));
}

function sendable(body: Answer["body"]): string | Buffer | Readable {
  if (typeof body === "string") return body;
  if (isStream(body)) return Readable.from(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
