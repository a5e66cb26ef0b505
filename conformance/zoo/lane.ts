import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { zoos } from "./zoos.ts";

/* One thread of the zoo: tries the mutants that it is given and tells of each. */
const { role, ids, thoroughness } = z
  .object({ role: z.string(), ids: z.array(z.string()), thoroughness: z.enum(["whole", "sample"]) })
  .parse(workerData);
const zoo = zoos.find((candidate) => candidate.role === role);
if (zoo === undefined) throw new Error(`There is no zoo of ${role}s.`);

for await (const { mutant, ...trial } of zoo.tryEach(ids, thoroughness)) {
  parentPort?.postMessage({ mutant: mutant.id, ...trial });
}
