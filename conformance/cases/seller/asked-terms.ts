import { acceptsEntries, describeJson, field, Unproven } from "../../engine/index.ts";
import type { Observed } from "../../engine/seller/index.ts";

/** The terms of an answer's challenge, in one line for comparison; without a readable one nothing can be said. */
export function askedTerms({ answer, dialect }: Observed): string {
  const reading = dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  return acceptsEntries(reading.challenge)
    .map((entry) =>
      ["scheme", "network", dialect.priceField, "asset", "payTo"]
        .map((key) => describeJson(field(entry, key)))
        .join(" "),
    )
    .join("; ");
}
