import { type Case, defineCase, signedNothing } from "../../engine/client/index.ts";
import type { JsonObject } from "../../engine/index.ts";

/** What an entry cannot do without (x402 v2 §5.1.2, v1 §5.1.2), and the rule that a client would break. */
const required: readonly {
  readonly lacks: string;
  /** What it is called in the id of its case, where that is another. */
  readonly id?: string;
  /** Its name in v1, where that is another. */
  readonly inV1?: string;
  readonly requirement: string;
}[] = [
  { lacks: "scheme", requirement: "C-CH-06" },
  { lacks: "network", requirement: "C-CH-06" },
  { lacks: "asset", requirement: "C-CH-06" },
  { lacks: "payTo", id: "pay-to", requirement: "C-CH-06" },
  { lacks: "amount", inV1: "maxAmountRequired", requirement: "C-CH-11" },
  { lacks: "maxTimeoutSeconds", id: "max-timeout", requirement: "C-PAY-13" },
];

/** An entry that leaves open what is to be paid is not paid: a client does not fill in what it thinks was meant. */
export const missingFieldCases: readonly Case[] = required.map(({ lacks, id = lacks, inV1, requirement }) =>
  defineCase({
    id: `client.entries.lacks-${id}`,
    requirement,
    title: `An entry without ${inV1 === undefined ? lacks : "a price"} is not paid`,
    probe: (t) => t.sells({ asks: { entry: without(lacks, inV1 ?? lacks) } }).expect(signedNothing),
  }),
);

function without(...names: readonly string[]): (entry: JsonObject) => JsonObject {
  return (entry) => Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)));
}
