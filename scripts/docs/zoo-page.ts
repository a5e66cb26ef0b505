import { type Mutant, nullSellers } from "../../conformance/zoo/index.ts";
import { anchor, count, link, table } from "./markdown.ts";

/** docs/zoo.md: the kill matrix: each wrong seller, what it breaks, and the cases that catch it. */
export function zooPage(
  verdicts: readonly { readonly id: string; readonly requirement: string }[],
  mutants: readonly Mutant[],
): string {
  const ruleOf = new Map(verdicts.map(({ id, requirement }) => [id, requirement]));
  const caught = new Set(mutants.flatMap(({ caughtBy }) => caughtBy));
  const catching = verdicts.filter(({ id }) => caught.has(id)).length;
  return [
    "# Zoo",
    "Sellers that are wrong in exactly one way. Each names the cases that catch it, and `npm run zoo` runs every case of its version against each: a case more or less than named fails. Written by `npm run docs`; [coverage.md](coverage.md) has the same seen from the rules.",
    `${count(mutants.length, "mutant")}, caught by ${catching} of ${count(verdicts.length, "case")}.`,
    table(
      ["mutant", "what it breaks", "caught by"],
      mutants.map(({ id, breaks, caughtBy, sellsNothing }) => [
        `<a id="${anchor(id)}"></a>\`${id}\``,
        sellsNothing ? `${breaks} Nobody can buy from it.` : breaks,
        caughtBy.map((name) => caseLink(name, ruleOf.get(name))).join("<br>"),
      ]),
    ),
    "## Servers without a brain",
    "They do the same to every request, and earn no pass at all.",
    nullSellers.map(({ id }) => `- \`${id}\``).join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function caseLink(id: string, rule: string | undefined): string {
  return rule === undefined ? id : link(id, rule, "coverage.md");
}
