import type { Case } from "../../engine/seller/index.ts";
import { alsoInV1 } from "./v1-as-v2.ts";
import { v1BesideV2Cases } from "./v1-beside-v2.ts";
import { v1ChallengeCases } from "./v1-challenge.ts";
import { v1FailedSettlementCases } from "./v1-failed-settlement.ts";
import { v1TermsCases } from "./v1-terms.ts";

/** The cases whose buyer speaks x402 v1: those of its own, and those of `inV2` that hold in v1 as well. */
export function v1Cases(inV2: readonly Case[]): readonly Case[] {
  return [
    ...v1ChallengeCases,
    ...v1TermsCases,
    ...alsoInV1(inV2),
    ...v1FailedSettlementCases,
    ...v1BesideV2Cases,
  ];
}
