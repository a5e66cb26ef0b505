import { Problem, type SandboxDescription, type SandboxOptions, startSandbox } from "#sandbox";
import { openAdmin } from "./engine/index.ts";

/** A sandbox to work in; `stop` ends it only if it is our own. */
export interface UsableSandbox {
  readonly description: SandboxDescription;
  stop(): Promise<void>;
}

/**
 * The sandbox that was named by its admin URL, or one of our own on free ports.
 *
 * @throws Problem `sandbox-unreachable`, or as `startSandbox`
 */
export async function sandboxFor(
  adminUrl: string | undefined,
  options: SandboxOptions,
): Promise<UsableSandbox> {
  if (adminUrl === undefined) {
    const { description, stop } = await startSandbox(options);
    return { description, stop };
  }
  try {
    return { description: await openAdmin(adminUrl).describe(), stop: async () => {} };
  } catch (cause) {
    throw new Problem(
      "sandbox-unreachable",
      `No sandbox answers at ${adminUrl}.`,
      "Give the adminUrl that `x402-assay sandbox --json` prints.",
      { cause },
    );
  }
}
