import { parseArgs } from "node:util";
import { colors } from "../colors.ts";
import { tryInLanes } from "./lanes.ts";
import { isAsDeclared, type Trial } from "./trial.ts";
import { zoos } from "./zoos.ts";

/*
 * `npm run zoo [-- --sample | --cases GLOB] [role | id …]`: runs every case against every mutant (or those of a role, or
 * those named) and prints what caught each; with `--sample`, the cases that a mutant names and a fifth of the others, as
 * `npm test` does; with `--cases`, which may be repeated, those whose ids match. Exit 1 when a case is blind or coupled.
 */
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "boolean", default: false },
    cases: { type: "string", multiple: true },
  },
});
const thoroughness =
  values.cases === undefined ? (values.sample ? "sample" : "whole") : { globs: values.cases };
const mutants = zoos.flatMap(({ role, mutants: all }) =>
  all.filter(({ id }) => wanted.length === 0 || wanted.includes(role) || wanted.includes(id)),
);
const started = performance.now();
let wrong = 0;
await tryInLanes(
  mutants,
  (trial) => {
    if (!isAsDeclared(trial)) wrong += 1;
    console.log(describe(trial));
  },
  thoroughness,
);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `\n${mutants.length - wrong} of ${mutants.length} mutants caught exactly as declared, in ${seconds} s`,
);
process.exit(wrong === 0 ? 0 : 1);

function describe(trial: Trial): string {
  const { mutant, caught, blind, coupled, reached, sold, errors } = trial;
  const mark = isAsDeclared(trial) ? colors.green("✓") : colors.red("✗");
  return [
    `${mark} ${mutant.id}  ${colors.dim(mutant.breaks)}`,
    ...caught.filter((id) => mutant.caughtBy.includes(id)).map((id) => colors.dim(`    caught by ${id}`)),
    ...blind.map((id) => colors.red(`    not caught by ${id}`)),
    ...coupled.map((id) => colors.red(`    also caught by ${id}`)),
    ...(reached === 0 && mutant.caughtBy.length > 0 ? [colors.red("    its fault was never reached")] : []),
    ...(sold === !mutant.sellsNothing
      ? []
      : [colors.red(sold ? "    it sells, though it says that it does not" : "    it sells nothing")]),
    ...errors.map(({ id, message }) => colors.magenta(`    error in ${id}: ${message}`)),
  ].join("\n");
}
