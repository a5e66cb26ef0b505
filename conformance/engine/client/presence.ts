import { Unproven } from "../finding.ts";
import type { Observed } from "./observed.ts";

/** Of a client that was cut off, nobody knows what it would have done. */
export function cameToAnEnd({ outcome }: Observed): void {
  if (outcome.kind !== "cut-off") return;
  throw new Unproven(`The client did not come to an end (${outcome.summary}); --timeout allows more.`);
}

/** Of a client that never came, nothing can be said. */
export function wasThere({ requests, outcome }: Observed): void {
  if (requests.length > 0) return;
  throw new Unproven(`The client never asked (${outcome.summary}).`);
}
