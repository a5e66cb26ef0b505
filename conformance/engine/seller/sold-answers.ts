import { createHash } from "node:crypto";
import type { WireAnswer } from "../../oracles/wire/index.ts";

/** What buyers were given for their money, to be known again where it comes for nothing. */
export class SoldAnswers {
  readonly #digests = new Set<string>();

  /** Notes an answer that was paid for; one without a body says nothing. */
  add({ body }: WireAnswer): void {
    if (body !== "") this.#digests.add(digestOf(body));
  }

  /** Whether a buyer was given the same, byte for byte. */
  has({ body }: WireAnswer): boolean {
    return this.#digests.has(digestOf(body));
  }

  /** Why an answer came without a payment, in a sentence with a space before it; empty where nothing tells. */
  hint(answer: WireAnswer): string {
    return this.has(answer)
      ? " The answer is what another buyer paid for: a cache in front of the seller seems to keep paid answers."
      : "";
  }
}

/** Not the answer itself: there may be many, and large ones. */
function digestOf(body: string): string {
  return createHash("sha256").update(body).digest("base64");
}
