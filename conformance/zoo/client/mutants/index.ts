import type { ClientMutant } from "../mutant.ts";
import { afterwardsMutants } from "./afterwards.ts";
import { againMutants } from "./again.ts";
import { choosingMutants } from "./choosing.ts";
import { payingMutants } from "./paying.ts";
import { readingMutants } from "./reading.ts";
import { redirectMutants } from "./redirects.ts";
import { v1Mutants } from "./v1.ts";

/** Every client that is wrong in exactly one way. */
export const clientMutants: readonly ClientMutant[] = [
  ...readingMutants,
  ...choosingMutants,
  ...payingMutants,
  ...againMutants,
  ...redirectMutants,
  ...afterwardsMutants,
  ...v1Mutants,
];
