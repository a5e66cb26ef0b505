/**
 * Runs one of the zoo's sellers as a program, to see what a red run looks like, until SIGTERM:
 *
 *   x402-assay conformance seller --url "http://127.0.0.1:{port}/weather?city=Berlin" \
 *     --start "node conformance/zoo/seller/start.ts sells-what-was-bought-again"
 *
 * It finds PORT and WORK_URL, which leads to the run's sandbox, in its environment.
 */
import { openAdmin } from "../../engine/index.ts";
import { startReference } from "../../subjects/index.ts";
import { sellerMutants } from "./mutants/index.ts";

const id = process.argv[2];
const { PORT, WORK_URL } = process.env;
const mutant = sellerMutants.find((one) => one.id === id);
if (mutant === undefined || WORK_URL === undefined) {
  console.error(
    mutant === undefined
      ? `There is no seller ${id} in the zoo; docs/zoo.md lists them.`
      : "Let the suite start it, with --start: it needs WORK_URL.",
  );
  process.exit(2);
}
const sandbox = await openAdmin(new URL(WORK_URL).origin).describe();
const { protocol = "x402@2" } = mutant;
const variation = mutant.build(() => {}, sandbox);
await startReference(sandbox, mutant.id, { protocols: [protocol], port: Number(PORT ?? 0), ...variation });
