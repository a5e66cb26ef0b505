import { nullClients, nullFacilitators, nullSellers, type Zoo } from "../../conformance/zoo/index.ts";
import { anchor, count, link, table } from "./markdown.ts";

type Verdicts = readonly { readonly id: string; readonly requirement: string }[];

/** docs/zoo.md: the kill matrix: each wrong program, what it breaks, and the cases that catch it. */
export function zooPage(verdicts: Verdicts, zoos: readonly Zoo[]): string {
  return [
    "# Zoo",
    "Programs that are wrong in exactly one way. Each names the cases that catch it, and `npm run zoo` runs every case of its version against each: a case more or less than named fails. Written by `npm run docs`; [coverage.md](coverage.md) has the same seen from the rules.",
    ...zoos.flatMap((zoo) => zooSection(zoo, verdicts)),
    "## Programs without a brain",
    "They do the same whatever they are sent or told, and earn no pass at all.",
    [...nullSellers, ...nullClients, ...nullFacilitators].map(({ id }) => `- \`${id}\``).join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function zooSection({ role, mutants }: Zoo, verdicts: Verdicts): string[] {
  const ruleOf = new Map(verdicts.map(({ id, requirement }) => [id, requirement]));
  const own = verdicts.filter(({ id }) => id.startsWith(`${role}.`));
  const caught = new Set(mutants.flatMap(({ caughtBy }) => caughtBy));
  const catching = own.filter(({ id }) => caught.has(id)).length;
  return [
    `## Wrong ${role}s`,
    `${count(mutants.length, "mutant")}, caught by ${catching} of ${count(own.length, "case")}.`,
    table(
      ["mutant", "what it breaks", "caught by"],
      mutants.map(({ id, breaks, caughtBy, sellsNothing }) => [
        `<a id="${anchor(id)}"></a>\`${id}\``,
        sellsNothing ? `${breaks} No sale comes about.` : breaks,
        caughtBy.map((name) => caseLink(name, ruleOf.get(name))).join("<br>"),
      ]),
    ),
  ];
}

function caseLink(id: string, rule: string | undefined): string {
  return rule === undefined ? id : link(id, rule, "coverage.md");
}
