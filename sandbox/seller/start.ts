/**
 * Runs the reference seller as a process, until SIGTERM or SIGINT. It prints its URL when it is ready and reads its
 * environment: FACILITATOR_URL, PAY_TO, NETWORK, ASSET_ADDRESS, and where given PORT, TOKEN_NAME and TOKEN_VERSION
 * (USDC's unless told), PROTOCOLS (`x402@2` unless told; `x402@2,x402@1` speaks both), WORK_URL (gets a POST of
 * `{route, url}` each time a paid handler runs).
 */
import { z } from "zod";
import { Problem } from "../problem.ts";
import { addressSchema, networkSchema } from "../protocol/index.ts";
import type { PaidWork } from "./exchange.ts";
import { protocolIds } from "./protocols.ts";
import { startSeller } from "./seller.ts";

const environmentSchema = z.object({
  FACILITATOR_URL: z.url(),
  PAY_TO: addressSchema,
  NETWORK: networkSchema,
  ASSET_ADDRESS: addressSchema,
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  TOKEN_NAME: z.string().default("USDC"),
  TOKEN_VERSION: z.string().default("2"),
  PROTOCOLS: z
    .string()
    .default("x402@2")
    .transform((list) => list.split(","))
    .pipe(z.array(z.enum(protocolIds))),
  WORK_URL: z.url().optional(),
});

try {
  const environment = readEnvironment();
  const { WORK_URL: workUrl } = environment;
  const seller = await startSeller({
    facilitatorUrl: environment.FACILITATOR_URL,
    payTo: environment.PAY_TO,
    network: environment.NETWORK,
    asset: environment.ASSET_ADDRESS,
    domain: { name: environment.TOKEN_NAME, version: environment.TOKEN_VERSION },
    port: environment.PORT,
    protocols: environment.PROTOCOLS,
    ...(workUrl === undefined ? {} : { onWork: (work) => reportWork(workUrl, work) }),
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void seller.stop());
  console.log(seller.url);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`${error.message} ${error.next}`);
  process.exitCode = 2;
}

function readEnvironment(): z.infer<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`).join(", ");
  throw new Problem(
    "usage",
    `The environment lacks or misspells ${wrong}.`,
    "Set these variables and start again.",
  );
}

/** Whoever listens may have gone: that is no reason to fail a sale. */
async function reportWork(url: string, work: PaidWork): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch(url, { method: "POST", headers, body: JSON.stringify(work) }).catch(() => undefined);
}
