import { createRequire } from "node:module";
import { expect, test } from "vitest";

const require = createRequire(import.meta.url);

// `require` refuses a module that awaits anything at its top, and one that imports such a module: ended meanwhile, the
// worker would crash the process instead of letting Ctrl-C end it (nodejs/node#53238).
test.for(["../suites.ts", "../engine/index.ts", "../report/index.ts", "./register-cases.ts"])(
  "what the worker imports waits for nothing while it loads: %s",
  (file) => {
    expect(require(file)).toBeTypeOf("object");
  },
);
