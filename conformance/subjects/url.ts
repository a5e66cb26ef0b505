import type { SellerRequests } from "../engine/seller/index.ts";
import type { Subject } from "./subject.ts";

/** A seller that somebody else runs, at `origin`. */
export function subjectAt(
  origin: string,
  requests: SellerRequests,
  headers: Readonly<Record<string, string>> = {},
): Subject {
  const name = `${origin}${requests.paid.target}`;
  return { setup: { name, origin, requests, headers }, stop: async () => {} };
}
