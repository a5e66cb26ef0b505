import { z } from "zod";

/** A ```sh block of a page, and how it is run. */
export interface CommandBlock {
  readonly kind: "commands";
  /** `docs/load.md:3`. */
  readonly place: string;
  readonly script: string;
  readonly order: Order;
}

/** A block that names a file after its language, as in ```ts server.ts: the reader's file. */
export interface FileBlock {
  readonly kind: "file";
  readonly name: string;
  readonly text: string;
}

/** What the comment before a block says. Without one it has to end with 0. */
export interface Order {
  /** Stays until the page ends; the next block waits for this text. */
  readonly until?: string;
  /** The exit code that the page tells. */
  readonly exit?: number;
  /** Shortens runs of the suite to the cases of this glob. */
  readonly only?: string;
  /** Shortens loads to this time. */
  readonly duration?: string;
  /** Why nobody runs it. */
  readonly notRun?: string;
}

const fence = /(?:<!-- test: (.+?) -->\n+)?^```(\w+)(?: (\S+))?\n(.*?)^```$/gms;

/**
 * The blocks of a page that concern a reader's terminal, in order. A comment right before a block says how a test runs
 * it, its parts separated by `;`, or why it does not:
 *
 *     <!-- test: background until "is ready" -->
 *     <!-- test: only seller.retry.*; exit 1 -->
 *     <!-- test: for 1s -->
 *     <!-- test: not run: it installs what the test has already -->
 *
 * @throws Error when a comment says something else
 */
export function blocksOf(page: string, text: string): (CommandBlock | FileBlock)[] {
  return [...text.matchAll(fence)].flatMap((match): (CommandBlock | FileBlock)[] => {
    const [whole, comment, language, name, content = ""] = match;
    if (name !== undefined) return [{ kind: "file", name, text: content }];
    if (language !== "sh") return [];
    const line = text.slice(0, match.index + whole.indexOf("```")).split("\n").length;
    const place = `${page}:${line}`;
    return [{ kind: "commands", place, script: content, order: orderOf(comment, place) }];
  });
}

function orderOf(comment: string | undefined, place: string): Order {
  const [, notRun] = /^not run: (.+)$/s.exec(comment ?? "") ?? [];
  if (notRun !== undefined) return { notRun };
  const parts = comment === undefined ? [] : comment.split("; ");
  return Object.assign({}, ...parts.map((part) => partOf(part, place)));
}

function partOf(part: string, place: string): Order {
  const [, until] = /^background until "(.+)"$/.exec(part) ?? [];
  if (until !== undefined) return { until };
  const [, exit] = /^exit (\d+)$/.exec(part) ?? [];
  if (exit !== undefined) return { exit: z.coerce.number().parse(exit) };
  const [, only] = /^only (\S+)$/.exec(part) ?? [];
  if (only !== undefined) return { only };
  const [, duration] = /^for (\d+s)$/.exec(part) ?? [];
  if (duration !== undefined) return { duration };
  throw new Error(`${place}: nobody knows what "${part}" in the comment before it means.`);
}
