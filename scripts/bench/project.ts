import { resolve } from "node:path";

/** The folder of this project. */
export const projectRoot = resolve(import.meta.dirname, "../..");
