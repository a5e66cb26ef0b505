import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientCases } from "../cases/client/index.ts";
import { axiosClientFindings } from "./axios-client.findings.ts";
import { fetchClientFindings } from "./fetch-client.findings.ts";
import { fetchClientV1Findings } from "./fetch-client-v1.findings.ts";
import { judgeClientPeer, type PeerReport } from "./testing/judge-peer.ts";

const inV2 = (id: string) => !id.startsWith("client.v1.");
const clients = [
  { file: "fetch-client.ts", own: inV2, findings: fetchClientFindings },
  { file: "axios-client.ts", own: inV2, findings: axiosClientFindings },
  { file: "fetch-client-v1.ts", own: (id: string) => !inV2(id), findings: fetchClientV1Findings },
];

/** Cases that a command cannot be sent on, and those about a limit, which these clients are not set to. */
const untold = new Set(
  clientCases
    .filter(({ needs = [] }) => needs.includes("takes-requests") || needs.includes("has-limit"))
    .map(({ id }) => id),
);

/** Cases about identifiers, of which the v2 clients send none. */
const unnamed = new Set(["client.extensions.identifier-stays", "client.extensions.identifier-is-fresh"]);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(clients)("the run of $file", ({ file, own, findings }) => {
  let report: PeerReport;

  beforeAll(async () => {
    report = await judgeClientPeer(file, join(folder, `${file}.json`));
  });

  test("judges every case of its version, but those that tell it what to send or follow an identifier", () => {
    const judged = report.cases.filter(({ status }) => ["pass", "fail", "warn"].includes(status));
    const all = report.cases.filter(({ id }) => own(id) && !untold.has(id) && !unnamed.has(id));
    expect(judged.map(({ id }) => id)).toEqual(expect.arrayContaining(all.map(({ id }) => id)));
  });

  test("judges nothing that it does not speak", () => {
    const others = report.cases.filter(({ id }) => !own(id) && !id.startsWith("client.audit."));
    expect(others.filter(({ status }) => status !== "not-applicable")).toEqual([]);
  });

  test("blames it for what was found by hand, no more and no less", () => {
    const blamed = report.cases.filter(({ status }) => status === "fail" || status === "warn");
    const found = findings.map(({ caseId: id, requirement, status }) => ({ id, requirement, status }));
    expect(blamed).toEqual(expect.arrayContaining(found));
    expect(blamed).toHaveLength(found.length);
  });
});
