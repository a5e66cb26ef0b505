import { expect, test } from "vitest";
import { publishedManifest } from "./manifest.ts";

test("paths to sources lead to what is compiled, and nothing of the repository remains", () => {
  const published = publishedManifest({
    name: "x402-assay",
    bin: { "x402-assay": "conformance/cli/main.ts" },
    sideEffects: ["./conformance/cli/*.ts"],
    exports: { ".": "./conformance/index.ts", "./package.json": "./package.json" },
    imports: { "#sandbox": "./sandbox/index.ts" },
    scripts: { postinstall: "node scripts/postinstall.mjs" },
    dependencies: { zod: "^4.0.0" },
    devDependencies: { vitest: "^5.0.0" },
    allowScripts: {},
    overrides: {},
  });
  expect(published).toEqual({
    name: "x402-assay",
    bin: { "x402-assay": "dist/conformance/cli/main.js" },
    sideEffects: ["./dist/conformance/cli/*.js"],
    exports: { ".": "./dist/conformance/index.js", "./package.json": "./package.json" },
    imports: { "#sandbox": "./dist/sandbox/index.js" },
    dependencies: { zod: "^4.0.0" },
  });
});
