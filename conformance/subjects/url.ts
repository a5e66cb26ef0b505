import type { SellerRequests } from "../engine/seller/index.ts";
import type { Subject } from "./subject.ts";

/** A seller that somebody else runs, at `origin`. */
export function subjectAt(origin: string, requests: SellerRequests): Subject {
  return { setup: { name: `${origin}${requests.paid.target}`, origin, requests }, stop: async () => {} };
}
