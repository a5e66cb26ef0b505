import { constants, existsSync } from "node:fs";
import { access, mkdir, open, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { Problem } from "#sandbox";
import { type ReportOrder, reportFormats, unwritable } from "../report/index.ts";

/** `--report FORMAT=FILE…` */
export function reportOption(): Option {
  return new Option(
    "--report <format=file...>",
    "write reports: json, junit, html, md, badge to a file, har to a folder; several at once, or again and again",
  ).argParser(reportOrder);
}

/** Reads `FORMAT=FILE`; the flag may be given several times. */
function reportOrder(text: string, previous: readonly ReportOrder[] = []): ReportOrder[] {
  const [, name, file] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const format = reportFormats.find((known) => known === name);
  if (format === undefined || file === undefined) {
    throw new InvalidArgumentError(
      `Expected FORMAT=FILE with one of the formats ${reportFormats.join(", ")}, e.g. json=report.json.`,
    );
  }
  return [...previous, { format, file }];
}

/**
 * Makes sure before the run that its reports can be written; what the files hold now stays until then.
 *
 * @throws Problem `usage`
 */
export async function requireWritable(orders: readonly ReportOrder[]): Promise<void> {
  for (const [place, order] of orders.entries()) {
    const other = orders.slice(0, place).find(({ file }) => resolve(file) === resolve(order.file));
    if (other !== undefined) {
      throw new Problem(
        "usage",
        `Two reports, ${other.format} and ${order.format}, are to be written to ${order.file}.`,
        "Give each --report a file of its own.",
      );
    }
    try {
      await (order.format === "har" ? tryFolder(order.file) : tryFile(order.file));
    } catch (cause) {
      throw unwritable(order, cause);
    }
  }
}

async function tryFile(file: string): Promise<void> {
  const isNew = !existsSync(file);
  await (await open(file, "a")).close();
  if (isNew) await rm(file);
}

async function tryFolder(folder: string): Promise<void> {
  const isNew = !existsSync(folder);
  if (isNew) await mkdir(folder);
  else await access(join(folder, "."), constants.W_OK);
  if (isNew) await rmdir(folder);
}
