import { type FacilitatorMutant, telling } from "../mutant.ts";

/** Facilitators that say something else of themselves than what they do. */
export const supportedMutants: readonly FacilitatorMutant[] = [
  {
    id: "supports-without-kinds",
    breaks: "Does not say what it supports.",
    caughtBy: ["facilitator.api.lists-what-it-settles", "facilitator.api.supported"],
    build: telling("supported", ({ kinds: _, ...honest }) => honest),
  },
  {
    id: "supports-without-signers",
    breaks: "Does not name its signers.",
    caughtBy: ["facilitator.api.signers-send-the-transfers", "facilitator.api.supported"],
    build: telling("supported", ({ signers: _, ...honest }) => honest),
  },
  {
    id: "names-another-signer",
    breaks: "Names an account that settles nothing.",
    caughtBy: ["facilitator.api.signers-send-the-transfers"],
    build: telling("supported", (honest) => ({
      ...honest,
      signers: { "eip155:*": ["0x000000000000000000000000000000000000dEaD"] },
    })),
  },
  {
    id: "supports-another-network",
    breaks: "Lists another network than the one that it settles on.",
    caughtBy: ["facilitator.api.lists-what-it-settles", "facilitator.api.settles-each-kind-it-lists"],
    build: telling("supported", (honest) => ({
      ...honest,
      kinds: [
        ...listOf(honest.kinds).filter(isOfV1),
        { x402Version: 2, scheme: "exact", network: "eip155:8453" },
      ],
    })),
  },
  {
    id: "lists-what-it-refuses",
    breaks: "Lists a network, too, whose payments it refuses as unsupported.",
    caughtBy: ["facilitator.api.settles-each-kind-it-lists"],
    build: telling("supported", (honest) => ({
      ...honest,
      kinds: [...listOf(honest.kinds), { x402Version: 2, scheme: "exact", network: "eip155:8453" }],
    })),
  },
];

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isOfV1(kind: unknown): boolean {
  return typeof kind === "object" && kind !== null && "x402Version" in kind && kind.x402Version === 1;
}
