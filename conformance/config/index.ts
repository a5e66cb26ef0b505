/** The door of the configuration. */
export { type Config, type ConfigInput, defineConfig } from "./config.ts";
export { type ConfiguredHeaders, parseHeader, resolveHeaders } from "./headers.ts";
export { configFileNames, loadConfig } from "./load.ts";
export { parseRequest } from "./request-text.ts";
