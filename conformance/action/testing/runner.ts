import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const stepSchema = z.object({
  name: z.string(),
  id: z.string().optional(),
  shell: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  with: z.record(z.string(), z.string()).default({}),
  if: z.string().optional(),
  "working-directory": z.string().optional(),
});

/** What these tests read of action.yml. */
export const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().default("") })),
  outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
  runs: z.object({ using: z.literal("composite"), steps: z.array(stepSchema) }),
});

/** The action as GitHub reads it. */
export async function readAction(actionPath: string): Promise<z.infer<typeof actionSchema>> {
  return actionSchema.parse(parse(await readFile(join(actionPath, "action.yml"), "utf8")));
}

/** What a job gets to see of an action that it used. */
export interface UsedAction {
  /** Of the step that failed; 0 when none did. */
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
  /** What the steps that use other actions were given. */
  readonly uses: readonly { readonly action: string; readonly with: Readonly<Record<string, string>> }[];
}

/**
 * Uses the action at `actionPath` in a workspace, as a runner does: its steps in turn, with GitHub's files and
 * variables; of the conditions, that later steps of a failed job run when they say `!cancelled()`. Steps that use
 * other actions are only told of.
 */
export async function useAction(
  actionPath: string,
  workspace: string,
  given: Readonly<Record<string, string>>,
): Promise<UsedAction> {
  const { inputs, outputs, runs } = await readAction(actionPath);
  const temp = await mkdtemp(join(resolve(workspace, ".."), "runner-"));
  const files = Object.fromEntries(
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH"].map((name) => [
      name,
      join(temp, name),
    ]),
  );
  await Promise.all(Object.values(files).map((file) => writeFile(file, "")));
  await mkdir(join(temp, "temp"));
  const values = new Map(Object.entries(inputs).map(([name, input]) => [`inputs.${name}`, input.default]));
  for (const [name, value] of Object.entries(given)) {
    if (!values.has(`inputs.${name}`)) throw new Error(`The action has no input ${name}.`);
    values.set(`inputs.${name}`, value);
  }
  const evaluated = (text: string) =>
    text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_, name) => values.get(name) ?? "");
  const uses: UsedAction["uses"][number][] = [];
  let exitCode: number | null = 0;
  let log = "";
  for (const step of runs.steps) {
    if (exitCode !== 0 && !step.if?.includes("!cancelled()")) continue;
    if (step.uses !== undefined) {
      const settings = Object.entries(step.with).map(([name, value]) => [name, evaluated(value)]);
      uses.push({ action: step.uses, with: Object.fromEntries(settings) });
      continue;
    }
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, evaluated(value)]));
    const ended = await runStep(step.run ?? "", {
      cwd: resolve(workspace, evaluated(step["working-directory"] ?? ".")),
      env: {
        ...surroundings,
        ...files,
        ...env,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_ACTION_PATH: actionPath,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: join(temp, "temp"),
      },
    });
    log += ended.log;
    if (exitCode === 0) exitCode = ended.exitCode;
    if (step.id === undefined) continue;
    for (const [name, value] of outputsIn(await readFile(join(temp, "GITHUB_OUTPUT"), "utf8"))) {
      values.set(`steps.${step.id}.outputs.${name}`, value);
    }
  }
  return {
    exitCode,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, evaluated(value)])),
    summary: await readFile(join(temp, "GITHUB_STEP_SUMMARY"), "utf8"),
    log,
    uses,
  };
}

/** What a job finds on its machine: our own environment, without what tests, workflows and their steps put there. */
const surroundings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|GITHUB_|RUNNER_|INPUT_)/.test(name)),
);

async function runStep(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ exitCode: number | null; log: string }> {
  const file = join(env.RUNNER_TEMP ?? "", "step.sh");
  await writeFile(file, script);
  const child = spawn("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", file], { cwd, env });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const [exitCode] = await once(child, "close");
  return { exitCode, log };
}

/** `name<<DELIMITER`, lines, `DELIMITER`. */
function outputsIn(text: string): readonly (readonly [name: string, value: string])[] {
  return [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, name = "", , value = ""]) => [
    name,
    value,
  ]);
}
