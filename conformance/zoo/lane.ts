import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { sellerMutants } from "./mutants/index.ts";
import { tryMutants } from "./run-zoo.ts";

/* One thread of the zoo: tries the mutants that it is given and tells of each. */
const ids = z.array(z.string()).parse(workerData);
const mutants = sellerMutants.filter(({ id }) => ids.includes(id));

for await (const { mutant, ...trial } of tryMutants(mutants)) {
  parentPort?.postMessage({ mutant: mutant.id, ...trial });
}
