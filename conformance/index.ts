/** The public door of x402-assay: what a configuration file or a program imports. */
export { type ConfigInput as Config, defineConfig } from "./config/index.ts";
export { type ClientRunOptions, type ClientTarget, judgeClient } from "./judge-client.ts";
export type { RunReport } from "./report/index.ts";
export { judgeSeller, type SellerRunOptions } from "./run.ts";
export type { SellerTarget } from "./stage-seller.ts";
export type { FetchLike, PayingFetchContext, PayingFetchMaker } from "./subjects/client/index.ts";
