import { Problem } from "#sandbox";
import type { ConfigInput } from "../../config/index.ts";
import { didYouMean } from "../../did-you-mean.ts";
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

/** The names of the options that every suite takes. */
export const suiteOptionNames = {
  only: true,
  skip: true,
  level: true,
  protocol: true,
  set: true,
  sandbox: true,
  timeout: true,
  seed: true,
  secrets: true,
} as const satisfies Record<keyof SuiteOptions, true>;

/**
 * Makes sure that nothing is given which would be ignored: test files are often not type-checked before they run.
 *
 * @param names those that there are, as keys
 * @throws Problem `usage`
 */
export function refuseUnknown(given: object, names: object, kind: "option" | "request"): void {
  const known = Object.keys(names);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = kind === "request" ? `requests.${unknown}` : unknown;
  throw new Problem(
    "usage",
    `There is no ${kind} ${name}.${didYouMean(unknown, known)}`,
    `There may be ${known.join(", ")}.`,
  );
}

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
