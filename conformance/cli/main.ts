#!/usr/bin/env node
import module from "node:module";
import { compileCacheFolder } from "../compile-cache.ts";
import { complaintAboutNode } from "./node-version.ts";

// npm installs on an older Node, too, with no more than a warning. Nothing big is imported before it is known.
const complaint = complaintAboutNode(process.versions.node);
if (complaint !== undefined) {
  console.error(complaint);
  process.exit(2);
}
// Before anything is imported: compiled modules are kept between runs, which saves a quarter of the start.
const cache = compileCacheFolder("node-compile-cache");
if (cache !== undefined) module.enableCompileCache(cache);
await import("./program.ts");
