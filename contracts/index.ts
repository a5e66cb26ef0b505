export { buildContracts } from "./build.ts";
