import { z } from "zod";
import type { Role } from "../requirements/index.ts";

/** What a step of a workflow says, as `action.yml` hands it on: `also-paid` comes as `INPUT_ALSO_PAID`. */
export interface Inputs {
  readonly suites: readonly Role[];
  readonly failOn: "any" | "not-conformant" | "never";
  readonly annotations: boolean;
  readonly summary: boolean;
  /** The value of an input that is a flag of the command line, `""` when it is not given. */
  readonly flag: (name: string) => string;
}

const roles = ["seller", "client", "facilitator"] as const;

const schema = z.object({
  INPUT_SUITES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((word) => word !== ""))
    .pipe(z.array(z.enum(roles)).min(1)),
  INPUT_FAIL_ON: z.enum(["any", "not-conformant", "never"]),
  INPUT_ANNOTATIONS: z.enum(["true", "false"]),
  INPUT_SUMMARY: z.enum(["true", "false"]),
});

/**
 * Reads the inputs of the action.
 *
 * @throws Error that names the input that is wrong
 */
export function readInputs(environment: NodeJS.ProcessEnv): Inputs {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${inputName(String(path[0]))}: ${message}`);
    throw new Error(`Check the inputs of the action. ${wrong.join("; ")}`);
  }
  const { INPUT_SUITES, INPUT_FAIL_ON, INPUT_ANNOTATIONS, INPUT_SUMMARY } = parsed.data;
  return {
    suites: [...new Set(INPUT_SUITES)],
    failOn: INPUT_FAIL_ON,
    annotations: INPUT_ANNOTATIONS === "true",
    summary: INPUT_SUMMARY === "true",
    flag: (name) => environment[variableOf(name)] ?? "",
  };
}

/** `also-paid` → `INPUT_ALSO_PAID` */
export function variableOf(input: string): string {
  return `INPUT_${input.toUpperCase().replaceAll("-", "_")}`;
}

function inputName(variable: string): string {
  return variable
    .replace(/^INPUT_/, "")
    .toLowerCase()
    .replaceAll("_", "-");
}
