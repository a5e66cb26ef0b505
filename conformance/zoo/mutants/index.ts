import type { Mutant } from "../mutant.ts";
import { accessMutants } from "./access.ts";
import { challengeMutants } from "./challenge.ts";
import { decodingMutants } from "./decoding.ts";
import { matchingMutants } from "./matching.ts";
import { orderMutants } from "./order.ts";
import { replayMutants } from "./replay.ts";
import { retryMutants } from "./retry.ts";

/** Every seller that is wrong in exactly one way. */
export const sellerMutants: readonly Mutant[] = [
  ...challengeMutants,
  ...accessMutants,
  ...retryMutants,
  ...matchingMutants,
  ...decodingMutants,
  ...orderMutants,
  ...replayMutants,
];
