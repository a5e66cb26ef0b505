import type { PeerFinding } from "./finding.ts";
import { officialSellerFindings } from "./official-sellers.findings.ts";

/**
 * What a run of the suite reports about hono-seller.ts, and nothing else. Of a failed settlement it answers with a
 * response of its own (@x402/hono dist/esm/index.mjs:289-311), so that, other than with Express, no header of the
 * handler is left on it.
 */
export const honoSellerFindings: readonly PeerFinding[] = officialSellerFindings;
