import { Command } from "commander";
import { caseById, explainCommand, listCommand } from "./catalogue-commands.ts";
import { type ClientFlags, clientCommand, judgeClientBy, withClientFlags } from "./client-command.ts";
import { facilitatorCommand, judgeFacilitatorBy } from "./facilitator-command.ts";
import { refuseForeignFlags } from "./flags-of-roles.ts";
import { judgeSellerBy, sellerCommand } from "./seller-command.ts";
import { type SellerFlags, withSellerFlags } from "./seller-flags.ts";
import { withRunFlags } from "./shared-flags.ts";

/** `x402-assay conformance …`: judges a program, or tells about the cases. */
export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("judge a program that speaks x402 on a real chain")
    .addCommand(sellerCommand())
    .addCommand(clientCommand())
    .addCommand(facilitatorCommand())
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addCommand(replayCommand());
}

function replayCommand(): Command {
  return withRunFlags(withClientFlags(withSellerFlags(new Command("replay"))))
    .description("run one case again, with the seed of the run in which it failed")
    .argument("<case>", "id of the case")
    .action(async (id: string, flags: SellerFlags & ClientFlags) => {
      const { rule } = await caseById(id);
      refuseForeignFlags([rule.role], flags, `${id} is about`);
      const judge = { seller: judgeSellerBy, client: judgeClientBy, facilitator: judgeFacilitatorBy }[
        rule.role
      ];
      await judge(flags, [id]);
    });
}
