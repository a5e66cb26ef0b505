import { Command } from "commander";
import { runAndReport } from "./run-and-report.ts";
import { type SellerFlags, sellerTarget, subjectFlags, withSellerFlags } from "./seller-flags.ts";
import { withSharedFlags } from "./shared-flags.ts";

/** `conformance seller`: judges a program that sells. */
export function sellerCommand(): Command {
  return withSharedFlags(withSellerFlags(new Command("seller")))
    .description("judge a seller; without --url, the reference seller")
    .action((flags: SellerFlags) => judgeSellerBy(flags));
}

/** Judges the seller that the flags name; only `only` when it is given. */
export function judgeSellerBy(flags: SellerFlags, only?: string[]): Promise<void> {
  return runAndReport(flags, {
    subjectFlags: Object.fromEntries(subjectFlags.map((key) => [key, flags[key]])),
    ...(only === undefined ? {} : { only }),
    judge: async (options, config) => {
      const { judgeSeller } = await import("../run.ts");
      return judgeSeller({ ...options, ...sellerTarget(flags, config.seller) });
    },
  });
}
