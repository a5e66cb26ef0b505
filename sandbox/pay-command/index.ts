/** The door of the `pay` command: the buyer's SDK on the command line. */
export { payCommand } from "./pay-command.ts";
