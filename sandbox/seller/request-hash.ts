import { createHash } from "node:crypto";
import type { SellerRequest } from "./exchange.ts";

/**
 * Names a request: SHA-256 over method, path, query and body, as hex. The challenge carries it in `extra`, so that
 * a payment buys the request that it was asked for and no other.
 *
 * @param method the route's: HEAD counts as the GET that it asks about
 */
export function requestHash(method: string, request: Pick<SellerRequest, "url" | "body">): string {
  const { pathname, search } = new URL(request.url);
  const hash = createHash("sha256").update(`${method} ${pathname}${search}\n`);
  if (request.body !== undefined) hash.update(request.body);
  return hash.digest("hex");
}
