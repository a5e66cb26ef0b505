import type { ConfigInput } from "../../config/index.ts";
import type { Selection } from "../../engine/index.ts";

/** How a suite in a test file goes about it; as in `x402-assay.config.ts`. */
export type SuiteOptions = Pick<
  ConfigInput,
  "only" | "skip" | "level" | "protocol" | "set" | "sandbox" | "timeout"
> & {
  /** Seed of payers and choices; the environment's `X402_ASSAY_SEED`, or a random one, without it. */
  readonly seed?: string | undefined;
  /** Values that no output may tell, e.g. of the headers. */
  readonly secrets?: readonly string[] | undefined;
};

/** Which cases the options leave. */
export function selectionOf({ only, skip, level, protocol, set }: SuiteOptions): Selection {
  return {
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip }),
    ...(level === undefined ? {} : { level }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(set === undefined ? {} : { set }),
  };
}
