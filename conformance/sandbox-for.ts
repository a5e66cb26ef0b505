import { z } from "zod";
import {
  addressSchema,
  hexSchema,
  networkSchema,
  Problem,
  type SandboxDescription,
  type SandboxOptions,
  startSandbox,
} from "#sandbox";

/** A sandbox to work in; `stop` ends it only if it is our own. */
export interface UsableSandbox {
  readonly description: SandboxDescription;
  /** Of our own: resolves when its chain is gone, with what happened unless it was stopped. */
  readonly ended?: Promise<Problem | undefined>;
  stop(): Promise<void>;
}

/** Longest that a sandbox that runs may take to tell of itself, in milliseconds. */
const patience = 5_000;

const url = z.url({ protocol: /^https?$/ });
const account = z.object({ address: addressSchema, privateKey: hexSchema });

/** What a sandbox of this version tells of itself. */
const descriptionSchema: z.ZodType<SandboxDescription> = z.object({
  rpcUrl: url,
  faultyRpcUrl: url,
  chainId: z.int(),
  network: networkSchema,
  asset: addressSchema,
  facilitatorUrl: url,
  sellerUrl: url,
  adminUrl: url,
  accounts: z.object({ payer: account, seller: account, facilitator: account }),
});

/**
 * The sandbox that was named by its admin URL, or one of our own on free ports.
 *
 * @throws Problem `sandbox-unreachable`, or as `startSandbox`
 */
export async function sandboxFor(
  adminUrl: string | undefined,
  options: SandboxOptions,
): Promise<UsableSandbox> {
  if (adminUrl !== undefined) {
    return { description: await descriptionAt(adminUrl, options.signal), stop: async () => {} };
  }
  const { description, ended, stop } = await startSandbox(options);
  return { description, ended, stop };
}

async function descriptionAt(adminUrl: string, signal?: AbortSignal): Promise<SandboxDescription> {
  const parsed = descriptionSchema.safeParse(await answerOf(adminUrl, signal));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw unreachable(`What answers at ${adminUrl} is no sandbox of this version: ${issue?.message}${place}.`);
}

/** The JSON that is there; any text that is none, as it is. */
async function answerOf(adminUrl: string, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(patience);
  try {
    const response = await fetch(new URL("/", adminUrl), {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return parsedOrText(await response.text());
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreachable(
      timeout.aborted
        ? `No sandbox answers at ${adminUrl} within ${patience / 1_000} s.`
        : `No sandbox answers at ${adminUrl}.`,
      cause,
    );
  }
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unreachable(message: string, cause?: unknown): Problem {
  return new Problem(
    "sandbox-unreachable",
    message,
    "Give the adminUrl that `x402-assay sandbox --json` prints.",
    { cause },
  );
}
