import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { extensionResponsesHeader, fromBase64Json } from "../../protocol/index.ts";
import { type FacilitatorSteps, facilitatorSteps, type RunningFacilitator } from "../index.ts";
import { type Rig, startRig, verify } from "../testing/rig.ts";

let rig: Rig;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
});
afterAll(() => rig.stop());

const http = { input: { type: "http", method: "GET", queryParams: { city: "Rome" } } };
const tool = (toolName: string) => ({ input: { type: "mcp", toolName, inputSchema: { type: "object" } } });
const bazaar = (info: object, more: object = {}) => ({ info, schema: { type: "object" }, ...more });

async function buy(
  url: string,
  extension: unknown,
  { at = facilitator, amount = "1000" }: { at?: RunningFacilitator; amount?: string } = {},
) {
  const resource = { url, description: "a thing", mimeType: "application/json" };
  const request = await rig.request(await rig.newPayer(), {
    declared: { resource, extensions: { bazaar: extension } },
    requirements: { amount },
    authorization: { value: amount },
  });
  const answer = await fetch(`${at.url}/settle`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const outcomes = answer.headers.get(extensionResponsesHeader);
  const receipt: unknown = await answer.json();
  return { receipt, outcomes: outcomes && fromBase64Json(outcomes) };
}

const pageSchema = z.looseObject({
  items: z.array(z.looseObject({ resource: z.string() })),
  pagination: z.looseObject({ total: z.number() }),
});

async function discover(query = "", { url } = facilitator) {
  const answer = await fetch(`${url}/discovery/resources${query}`);
  expect(answer.status).toBe(200);
  return pageSchema.parse(await answer.json());
}

test("what was paid for and declared is listed, and its seller is told", async () => {
  const { receipt, outcomes } = await buy("https://one.example/weather?city=Rome", bazaar(http));
  expect(receipt).toMatchObject({ success: true });
  expect(outcomes).toEqual({ ok: true, value: { bazaar: { status: "success" } } });
  const page = await discover();
  expect(page).toMatchObject({ x402Version: 2, pagination: { limit: 20, offset: 0 } });
  expect(page.items[0]).toEqual({
    resource: "https://one.example/weather",
    type: "http",
    x402Version: 2,
    accepts: [expect.objectContaining({ scheme: "exact", amount: "1000", network: rig.chain.network })],
    lastUpdated: expect.any(Number),
    metadata: { description: "a thing", mimeType: "application/json" },
    extensions: { bazaar: bazaar(http) },
  });
});

test("a resource is listed once, with its newest price", async () => {
  const url = "https://twice.example/";
  await buy(url, bazaar(http), { amount: "1000" });
  await buy(url, bazaar(http), { amount: "2000" });
  const page = await discover("?limit=100");
  const found = page.items.filter(({ resource }) => resource === url);
  expect(found).toMatchObject([{ accepts: [{ amount: "2000" }] }]);
});

test("the tools of a server are listed each by itself, and found by their type", async () => {
  const own = await rig.start();
  for (const name of ["add", "subtract", "add"])
    await buy("https://tools.example/mcp", bazaar(tool(name)), { at: own });
  await buy("https://tools.example/mcp", bazaar(http), { at: own });
  const page = await discover("?type=mcp", own);
  expect(page.items).toMatchObject([
    { extensions: { bazaar: { info: tool("add") } } },
    { extensions: { bazaar: { info: tool("subtract") } } },
  ]);
  expect((await discover("?extensions=bazaar", own)).pagination.total).toBe(3);
  expect((await discover("?extensions=other", own)).items).toEqual([]);
});

test("pages follow each other, and who gets the money is found in any case", async () => {
  const own = await rig.start();
  for (const name of ["a", "b", "c"]) await buy(`https://pages.example/${name}`, bazaar(http), { at: own });
  const payTo = rig.chain.accounts.seller.address.toUpperCase().replace("0X", "0x");
  const page = await discover(`?limit=2&offset=1&payTo=${payTo}`, own);
  expect(page.pagination).toEqual({ limit: 2, offset: 1, total: 3 });
  expect(page.items.map(({ resource }) => resource)).toEqual([
    "https://pages.example/b",
    "https://pages.example/a",
  ]);
  expect((await discover("?scheme=upto", own)).items).toEqual([]);
});

test.each<[string, string, unknown]>([
  ["no declaration", "https://bad.example/", "text"],
  ["without an input", "https://bad.example/", bazaar({})],
  [
    "with info that its schema refuses",
    "https://bad.example/",
    { info: http, schema: { required: ["output"] } },
  ],
  ["of no place on the web", "file:///etc/passwd", bazaar(http)],
])(
  "a declaration %s is not listed, its seller is told why, and the payment stands",
  async (_, url, extension) => {
    const { receipt, outcomes } = await buy(url, extension);
    expect(receipt).toMatchObject({ success: true });
    expect(outcomes).toEqual({
      ok: true,
      value: { bazaar: { status: "rejected", rejectedReason: expect.stringMatching(/./) } },
    });
    const page = await discover("?limit=100");
    expect(JSON.stringify(page)).not.toMatch(/bad\.example|passwd/);
  },
);

test("what breaks while a resource is listed does not touch the payment", async () => {
  const advertise: FacilitatorSteps["advertise"] = async () => {
    throw new Error("the catalogue burns");
  };
  const own = await rig.start({ steps: { ...facilitatorSteps, advertise } });
  const { receipt, outcomes } = await buy("https://burnt.example/", bazaar(http), { at: own });
  expect(receipt).toMatchObject({ success: true });
  expect(outcomes).toMatchObject({ value: { bazaar: { status: "rejected" } } });
});

test("a payment that is only verified lists nothing", async () => {
  const own = await rig.start();
  const declared = { resource: { url: "https://looked.example/" }, extensions: { bazaar: bazaar(http) } };
  const request = await rig.request(await rig.newPayer(), { declared });
  expect(await verify(own.url, request)).toMatchObject({ isValid: true });
  expect((await discover("", own)).items).toEqual([]);
});

test("a question that cannot be answered is a 400 that says what is wrong", async () => {
  const answer = await fetch(`${facilitator.url}/discovery/resources?limit=0`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: expect.stringContaining("limit") });
});
