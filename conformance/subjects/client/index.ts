/** The door of the client subjects: how a program that pays is started, told what to fetch, and ended. */
export { type Launcher, startLauncher } from "./launcher.ts";
export {
  type FetchLike,
  importFetchMaker,
  moduleClient,
  type PayingFetchContext,
  type PayingFetchMaker,
} from "./module.ts";
export { openClient } from "./open.ts";
export { proxyNotice } from "./proxy-notice.ts";
export { startPullIndex } from "./pull-index.ts";
export { referenceClient, referenceLimit } from "./reference.ts";
