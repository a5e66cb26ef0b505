/**
 * Runs the facilitator as a process of its own, from the environment: RPC_URL, FACILITATOR_PRIVATE_KEY and, if
 * wanted, PORT (a free one without it), DATABASE_FILE and BATCHING (`off`: one transaction for each payment). Prints its URL when it is ready; SIGTERM and SIGINT end it.
 */
import { isHex } from "viem";
import { z } from "zod";
import { Problem } from "../problem.ts";
import { startFacilitator } from "./index.ts";

const environmentSchema = z.object({
  RPC_URL: z.url(),
  FACILITATOR_PRIVATE_KEY: z.custom<`0x${string}`>(
    (value) => isHex(value) && value.length === 66,
    "expected 32 bytes of 0x-prefixed hex",
  ),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  DATABASE_FILE: z.string().optional(),
  BATCHING: z.enum(["on", "off"]).default("on"),
});

try {
  const environment = readEnvironment();
  const facilitator = await startFacilitator({
    rpcUrl: environment.RPC_URL,
    privateKey: environment.FACILITATOR_PRIVATE_KEY,
    port: environment.PORT,
    databaseFile: environment.DATABASE_FILE,
    batching: environment.BATCHING === "on",
    onError: (error) => console.error(error),
  });
  process.once("SIGTERM", () => void facilitator.stop());
  process.once("SIGINT", () => void facilitator.stop());
  console.log(facilitator.url);
} catch (error) {
  console.error(error instanceof Problem ? `${error.message} ${error.next}`.trim() : error);
  process.exitCode = 2;
}

function readEnvironment() {
  const environment = environmentSchema.safeParse(process.env);
  if (environment.success) return environment.data;
  const [issue] = environment.error.issues;
  throw new Problem("config", `${issue?.path.join(".")}: ${issue?.message}.`, "Set it in the environment.");
}
