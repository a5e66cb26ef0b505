#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything is imported: compiled modules are kept between runs, which saves a quarter of the start.
enableCompileCache();
await import("./program.ts");
