import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { reportSchema } from "./schema.ts";
import {
  type LeakyRun,
  planted,
  plantedCookie,
  runLeakyClient,
  runLeakySeller,
} from "./testing/leaky-runs.ts";

/* Every report of real runs, of programs that tell everybody everything. */

let seller: LeakyRun;
let client: LeakyRun;
beforeAll(async () => {
  seller = await runLeakySeller();
  client = await runLeakyClient();
}, 120_000);
afterAll(async () => {
  for (const { folder } of [seller, client]) await rm(folder, { recursive: true });
});

const formats = ["console", "json", "junit", "html", "md", "har"] as const;
const output = (run: LeakyRun, format: (typeof formats)[number]) => run.outputs.get(format) ?? "";

describe.each(formats)("no secret stands in %s", (format) => {
  test.for([
    ["a token of the environment", planted.PLANTED_API_TOKEN],
    ["a cookie", plantedCookie],
    ["a private key", planted.PLANTED_KEY.slice(2)],
    ["the beginning of a private key", planted.PLANTED_KEY.slice(2, 20)],
    ["a bearer token of the client's", "planted-bearer-token"],
  ])("%s", ([, secret = ""]) => {
    for (const run of [seller, client]) {
      const text = output(run, format);
      expect(text.length).toBeGreaterThan(100);
      expect(whereIs(secret, decodedToo(text))).toBe("nowhere");
    }
  });

  test("a signature that could be spent, or a payer's key", () => {
    for (const run of [seller, client]) {
      const text = decodedToo(output(run, format));
      expect(text.match(/0x[0-9a-fA-F]{65,}/g) ?? []).toEqual([]);
      expect(text.match(/PRIVATE_KEY\W{1,12}0x[0-9a-f]{8}/gi) ?? []).toEqual([]);
      expect(whereIs("I sign with 0x", text)).toBe("nowhere");
    }
  });
});

test("what was told without the secrets is there", () => {
  expect(output(seller, "json").includes("PLANTED_API_TOKEN")).toBe(true);
  expect(output(client, "json").includes("I sign with (redacted)")).toBe(true);
  expect(output(seller, "html").includes("it is (redacted)")).toBe(true);
  expect(/"signature":"0x[0-9a-f]{8}… \(65 bytes\)"/.test(decodedToo(output(seller, "har")))).toBe(true);
});

describe("json", () => {
  test.each(["seller", "client"] as const)("is as the published schema says: %s", (role) => {
    const report: unknown = JSON.parse(output({ seller, client }[role], "json"));
    const published = JSON.parse(
      readFileSync(new URL("../../docs/report.schema.json", import.meta.url), "utf8"),
    );
    const validate = new Ajv2020({ strict: false, formats: { "date-time": true } }).compile(published);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(reportSchema.parse(report)).toEqual(report);
  });

  test("has the exchanges, what the seller asked the facilitator, and what the chain shows", () => {
    const { cases } = reportSchema.parse(JSON.parse(output(seller, "json")));
    const replay = cases.find(({ id }) => id === "seller.replay.same-payment-twice");
    expect(replay).toMatchObject({
      status: "fail",
      replay: expect.stringMatching(/replay seller\.replay\.same-payment-twice --seed leaky/),
      transfers: [{ value: "1000" }],
      account: { settled: 1, delivered: 2 },
    });
    expect(replay?.exchanges?.length).toBeGreaterThanOrEqual(3);
    expect(replay?.facilitatorCalls?.map(({ endpoint }) => endpoint)).toEqual(["settle", "settle"]);
    const faulted = cases.flatMap(({ faults = [] }) => faults);
    expect(faulted.length).toBeGreaterThan(0);
  });
});

describe("junit", () => {
  const count = z.coerce.number().int().nonnegative();
  const time = z.string().regex(/^\d+\.\d{3}$/);
  const problem = z.strictObject({ "@message": z.string(), "@type": z.string(), "#text": z.string() });
  const testcase = z.strictObject({
    "@classname": z.string().regex(/^\w+\.[\w-]+$/),
    "@name": z.string().min(1),
    "@time": time,
    skipped: z.strictObject({ "@message": z.string() }).optional(),
    failure: problem.optional(),
    error: problem.optional(),
    "system-out": z.string().optional(),
  });
  const suite = z.strictObject({
    "@name": z.string(),
    "@tests": count,
    "@failures": count,
    "@errors": count,
    "@skipped": count,
    "@time": time,
    "@timestamp": z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    "@hostname": z.string(),
    testcase: z.array(testcase),
  });
  const document = z.strictObject({
    "?xml": z.strictObject({ "@version": z.literal("1.0"), "@encoding": z.literal("UTF-8") }),
    testsuites: z.strictObject({
      "@name": z.string(),
      "@tests": count,
      "@failures": count,
      "@errors": count,
      "@time": time,
      testsuite: z.array(suite),
    }),
  });

  test.each(["seller", "client"] as const)(
    "has the structure of the common schema, and counts that add up: %s",
    (role) => {
      const run = { seller, client }[role];
      const parser = new XMLParser({
        ignoreAttributes: false,
        attributeNamePrefix: "@",
        parseTagValue: false,
        isArray: (name) => name === "testsuite" || name === "testcase",
        processEntities: { maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
      });
      const { testsuites } = document.parse(parser.parse(output(run, "junit"), true));
      const { totals, cases } = reportSchema.parse(JSON.parse(output(run, "json")));
      const elements = testsuites.testsuite.flatMap((each) => each.testcase);
      expect(elements).toHaveLength(cases.length);
      expect(testsuites).toMatchObject({ "@tests": cases.length, "@failures": totals.fail });
      expect(testsuites["@errors"]).toBe(totals.inconclusive + totals.error);
      for (const each of testsuites.testsuite) {
        expect(each["@tests"]).toBe(each.testcase.length);
        expect(each["@failures"]).toBe(each.testcase.filter(({ failure }) => failure).length);
        expect(each["@skipped"]).toBe(each.testcase.filter(({ skipped }) => skipped).length);
      }
    },
  );
});

describe("har", () => {
  const load = createRequire(import.meta.url);
  const ajv = new Ajv({
    strict: false,
    formats: { "date-time": true, uri: true, date: true, ipv4: true, ipv6: true },
  });
  ajv.addMetaSchema(load("ajv/dist/refs/json-schema-draft-06.json"));
  const schemas: Readonly<Record<string, object>> = load("har-schema");
  for (const schema of Object.values(schemas)) ajv.addSchema(schema);
  const validate = ajv.getSchema("har.json#");

  test("every archive is HAR 1.2", () => {
    const archives = [...output(seller, "har").split(/\n(?=\{)/), ...output(client, "har").split(/\n(?=\{)/)];
    expect(archives.length).toBeGreaterThan(10);
    for (const archive of archives) {
      expect(validate?.(JSON.parse(archive)), JSON.stringify(validate?.errors)).toBe(true);
    }
  });
});

test("md tells the verdict, each finding with its rule, and how to repeat it", () => {
  const text = output(seller, "md");
  expect(text).toMatch(/^## ❌ NOT CONFORMANT$/m);
  expect(text).toMatch(/^\| A payment buys once \| .*\|$/m);
  expect(text).toMatch(/<summary><b>fail<\/b> <code>seller\.replay\.same-payment-twice<\/code>/);
  expect(text).toMatch(/^\*\*Rule\*\* S-RPL-01 .*<sub>V2 §10\.1<\/sub>$/m);
  expect(text).toMatch(/^npx x402-assay conformance replay seller\.replay\.same-payment-twice --seed leaky/m);
});

test("the console ends with verdict, counts, files and what to do next", () => {
  const lines = output(seller, "console").trimEnd().split("\n");
  expect(seller.exitCode).toBe(1);
  expect(lines.at(-1)).toMatch(/^next {6}open report\.html; x402-assay conformance explain seller\./);
  expect(lines).toContain("report    junit  report.xml");
  expect(output(seller, "console")).toMatch(/^NOT CONFORMANT {2}.*leaky-seller\.ts$/m);
  expect(output(seller, "console")).toMatch(/^\d+ fail, .*; [\d.]+ s; seed leaky$/m);
});

/** Few words around it: the whole is too long to be read. */
function whereIs(secret: string, text: string): string {
  const place = text.indexOf(secret);
  return place === -1 ? "nowhere" : text.slice(Math.max(0, place - 80), place + 80);
}

/** A text with what its base64 says beside it. */
function decodedToo(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{40,}={0,2}/g)].map(([run]) =>
    Buffer.from(run, "base64").toString(),
  );
  return [text, ...decoded].join("\n");
}
