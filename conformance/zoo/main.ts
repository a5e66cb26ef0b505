import { Command, Option } from "commander";
import { colors } from "../colors.ts";
import { tryInLanes } from "./lanes.ts";
import { isAsDeclared, type MutantFacts, type Thoroughness, type Trial } from "./trial.ts";
import { zoos } from "./zoos.ts";

/* `npm run zoo`: tries the suite on wrong programs. Exit 1 when a case is blind or coupled, 2 for wrong usage. */
const program = new Command("npm run zoo --")
  .description("runs every case against wrong programs, and prints what caught each")
  .argument("[mutants...]", "ids, or a role: seller, client, facilitator (all without any)")
  .option("--sample", "only the cases that a mutant names, and a fifth of the others, as npm test does")
  .addOption(
    new Option("--cases <glob>", "only cases whose ids match; may be given several times")
      .conflicts("sample")
      .argParser((glob, globs: readonly string[] = []) => [...globs, glob]),
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .showHelpAfterError("(--help shows the flags)")
  .parse();
const { sample, cases } = program.opts<{ sample?: true; cases?: readonly string[] }>();

const mutants = chosen(program.args);
const started = performance.now();
let wrong = 0;
await tryInLanes(
  mutants,
  (trial) => {
    if (!isAsDeclared(trial)) wrong += 1;
    console.log(describe(trial));
  },
  thoroughness(),
);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `\n${mutants.length - wrong} of ${mutants.length} mutants caught exactly as declared, in ${seconds} s`,
);
process.exit(wrong === 0 ? 0 : 1);

function chosen(names: readonly string[]): readonly MutantFacts[] {
  const known = zoos.flatMap(({ role, mutants: all }) => [role, ...all.map(({ id }) => id)]);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    program.error(`error: there is no role and no mutant '${unknown}'; docs/zoo.md lists them`);
  return zoos.flatMap(({ role, mutants: all }) =>
    all.filter(({ id }) => names.length === 0 || names.includes(role) || names.includes(id)),
  );
}

function thoroughness(): Thoroughness {
  if (cases !== undefined) return { globs: cases };
  return sample ? "sample" : "whole";
}

function describe(trial: Trial): string {
  const { mutant, caught, blind, coupled, reached, sold, errors } = trial;
  const mark = isAsDeclared(trial) ? colors.green("✓") : colors.red("✗");
  return [
    `${mark} ${mutant.id}  ${colors.dim(mutant.breaks)}`,
    ...caught.filter((id) => mutant.caughtBy.includes(id)).map((id) => colors.dim(`    caught by ${id}`)),
    ...blind.flatMap(({ id, told }) => [colors.red(`    not caught by ${id}`), `        ${told}`]),
    ...coupled.flatMap(({ id, told }) => [colors.red(`    also caught by ${id}`), `        ${told}`]),
    ...(reached === 0 && mutant.caughtBy.length > 0 ? [colors.red("    its fault was never reached")] : []),
    ...(sold === !mutant.sellsNothing
      ? []
      : [colors.red(sold ? "    it sells, though it says that it does not" : "    it sells nothing")]),
    ...errors.map(({ id, message }) => colors.magenta(`    error in ${id}: ${message}`)),
  ].join("\n");
}
