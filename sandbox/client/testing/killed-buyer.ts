/*
 * A buyer that ends itself, as if killed, right before, right after or some milliseconds into a step of a purchase:
 * `node killed-buyer.ts URL KEY RECORDS_FILE before|after|MILLISECONDS STEP`. What it has not recorded by then is lost.
 */
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { hexSchema } from "../../protocol/index.ts";
import { openBuyer } from "../buyer.ts";
import { type ClientSteps, clientSteps } from "../steps.ts";

const [url, idempotencyKey, recordsFile, when, step] = z
  .tuple([
    z.url(),
    z.string(),
    z.string(),
    z.union([z.enum(["before", "after"]), z.coerce.number()]),
    z.string(),
  ])
  .parse(process.argv.slice(2));

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** The steps, the named one deadly. */
const deadly = new Proxy<ClientSteps>(clientSteps, {
  get: (steps, name, receiver) => {
    const taken: unknown = Reflect.get(steps, name, receiver);
    if (name !== step || typeof taken !== "function") return taken;
    return async (...args: unknown[]) => {
      if (when === "before") die();
      if (typeof when === "number") setTimeout(die, when);
      const result: unknown = await taken(...args);
      die();
      return result;
    };
  },
});

const signer = privateKeyToAccount(hexSchema.parse(process.env.PAYER_PRIVATE_KEY));
const buyer = openBuyer({ signer, recordsFile }, deadly);
await buyer.pay({ url, idempotencyKey });
