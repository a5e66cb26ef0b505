import { openContracts } from "../../contracts/index.ts";

/** Compiles the contracts once before any test file runs, so that no two files start compiling at the same time. */
export async function setup(): Promise<void> {
  await openContracts();
}
