/** The door of the clients in the zoo. */
export type { ClientMutant } from "./mutant.ts";
export { clientMutants } from "./mutants/index.ts";
export { type NullClient, nullClients } from "./null-clients.ts";
export { judgeClient, tryClientMutant } from "./run.ts";
