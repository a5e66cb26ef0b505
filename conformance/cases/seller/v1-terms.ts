import type { Case } from "../../engine/seller/index.ts";
import { tampered } from "./tampering.ts";

/** A v1 payment says of its terms only scheme and network. */
export const v1TermsCases: readonly Case[] = [
  tampered({
    id: "seller.v1.terms-other-scheme",
    requirement: "S-PAY-14",
    protocol: "x402@1",
    title: "v1: A payment that names another scheme than was asked for is refused",
    change: { accepted: (entry) => ({ ...entry, scheme: "upto" }) },
  }),
  tampered({
    id: "seller.v1.terms-other-network",
    requirement: "S-PAY-13",
    protocol: "x402@1",
    title: "v1: A payment that names another network than was asked for is refused",
    change: { accepted: (entry) => ({ ...entry, network: "avalanche-fuji" }) },
  }),
];
