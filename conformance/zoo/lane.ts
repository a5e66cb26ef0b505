import { z } from "zod";
import { zoos } from "./zoos.ts";

/* A process of the zoo: tries the mutants that it is told of, one at a time, and answers with each trial. */
const errandSchema = z.object({
  id: z.string(),
  thoroughness: z.union([z.enum(["whole", "sample"]), z.object({ globs: z.array(z.string()) })]),
});

process.on("message", async (message) => {
  const { id, thoroughness } = errandSchema.parse(message);
  for (const zoo of zoos) {
    const trial = await zoo.tryMutant(id, thoroughness);
    if (trial !== undefined) process.send?.({ ...trial, mutant: id });
  }
});

// The end of the zoo, in order or not.
process.once("disconnect", () => process.exit());
