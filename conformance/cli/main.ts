#!/usr/bin/env node
import module from "node:module";
import { complaintAboutNode } from "./node-version.ts";

// npm installs on an older Node, too, with no more than a warning. Nothing else is imported before it is known.
const complaint = complaintAboutNode(process.versions.node);
if (complaint !== undefined) {
  console.error(complaint);
  process.exit(2);
}
// Before anything is imported: compiled modules are kept between runs, which saves a quarter of the start.
module.enableCompileCache();
await import("./program.ts");
