import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { type Sandbox, startSandbox } from "#sandbox";

const root = resolve(import.meta.dirname, "..");
const read = (file: string) => readFile(join(import.meta.dirname, file), "utf8");

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-load-examples-"));
  // As the image of examples/k8s has it.
  await symlink(join(root, "conformance/cli/main.ts"), join(folder, "x402-assay"));
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** Runs a line of an example as its engine would, only shorter. */
async function run(script: string, env: Record<string, string> = {}): Promise<string> {
  const short = script.replace(/--duration \S+/, "--duration 300ms").replace("npx ", "");
  const path = [folder, join(process.execPath, ".."), process.env.PATH].join(":");
  const options = { cwd: folder, env: { ...process.env, ...env, PATH: path } };
  return (await promisify(execFile)("sh", ["-c", short], options)).stdout;
}

const jobSchema = z.object({
  kind: z.literal("Job"),
  spec: z.object({
    completionMode: z.literal("Indexed"),
    completions: z.number(),
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({
            args: z.tuple([z.string()]),
            env: z.tuple([z.object({ name: z.literal("WORKERS"), value: z.string() })]),
          }),
        ]),
      }),
    }),
  }),
});

test("k8s: the workers of the Job share no payer, and their logs merge into one whole result", async () => {
  const documents = parseAllDocuments(await read("k8s/load.yaml")).map((document): unknown =>
    document.toJS(),
  );
  const { completions, template } = jobSchema.parse(documents.at(-1)).spec;
  const [{ args, env }] = template.spec.containers;
  const [{ value: WORKERS }] = env;
  expect(WORKERS).toBe(String(completions));
  const { adminUrl, sellerUrl } = sandbox.description;
  const script = args[0]
    .replace("http://127.0.0.1:4020", adminUrl)
    .replace("http://127.0.0.1:4021", sellerUrl);
  // Two pods show what four would.
  const logs = await Promise.all(
    ["0", "1"].map((index) => run(script, { WORKERS: "2", JOB_COMPLETION_INDEX: index })),
  );
  await writeFile(join(folder, "shards.jsonl"), logs.join(""));
  const merged = await run("x402-assay load merge shards.jsonl");
  expect(merged).toContain("16 agents, 32 at once");
  expect(merged).toMatch(/\nBALANCED\n$/);
}, 60_000);

const stepSchema = z.object({ name: z.string().optional(), run: z.string().optional() });
const workflowSchema = z.object({
  jobs: z.object({
    worker: z.object({
      strategy: z.object({ matrix: z.object({ shard: z.array(z.int()) }) }),
      steps: z.array(stepSchema),
    }),
    merge: z.object({ steps: z.array(stepSchema) }),
  }),
});

const placeholder = (name: string) => ["${{", name, "}}"].join(" ");

test("GitHub Actions: each job of the matrix buys in a sandbox of its own, and the last one merges", async () => {
  const { jobs } = workflowSchema.parse(parse(await read("github-actions/load.yml")));
  const { shard: shards } = jobs.worker.strategy.matrix;
  const buy = jobs.worker.steps.find(({ name }) => name === "Buy")?.run ?? "";
  const merge = jobs.merge.steps.find(({ name }) => name === "Merge")?.run ?? "";
  expect(shards).toEqual([1, 2, 3, 4]);
  const script = buy.replace("node my-gateway.js", `node ${join(root, "sandbox/seller/start.ts")}`);
  // Two jobs show what four would.
  await Promise.all(
    ["1", "2"].map((shard) =>
      run(
        script
          .replaceAll(placeholder("matrix.shard"), shard)
          .replace(placeholder("strategy.job-total"), "2")
          .replace(placeholder("github.run_id"), "1"),
      ),
    ),
  );
  expect(await run(merge)).toMatch(/worker 1, 2 of 2\n[\s\S]*\nBALANCED\n$/);
}, 60_000);
