import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChain } from "../chain/index.ts";
import { settleResponseSchema, supportedResponseSchema, verifyResponseSchema } from "../protocol/index.ts";
import {
  type FacilitatorCall,
  type FacilitatorReply,
  type RunningFacilitator,
  startFacilitator,
} from "./index.ts";
import { post, type Rig, settle, startRig, verify, witness } from "./testing/rig.ts";

let rig: Rig;
let facilitator: RunningFacilitator;

beforeAll(async () => {
  rig = await startRig();
  facilitator = await rig.start();
});
afterAll(() => rig.stop());

it("GET /supported names its kinds and the account that settles", async () => {
  const answer = await fetch(`${facilitator.url}/supported`);
  const facilitatorAddress = rig.chain.accounts.facilitator.address;
  expect(supportedResponseSchema.parse(await answer.json())).toEqual({
    kinds: [
      { x402Version: 2, scheme: "exact", network: rig.chain.network },
      { x402Version: 2, scheme: "upto", network: rig.chain.network, extra: { facilitatorAddress } },
      { x402Version: 1, scheme: "exact", network: "base-sepolia" },
    ],
    extensions: ["bazaar", "eip2612GasSponsoring"],
    signers: { "eip155:*": [facilitatorAddress] },
  });
});

it("GET /health is 200 and an unknown path 404", async () => {
  expect((await fetch(`${facilitator.url}/health`)).status).toBe(200);
  expect((await fetch(`${facilitator.url}/nothing`)).status).toBe(404);
});

describe("an interceptor", () => {
  it("sees every call with its honest answer", async () => {
    const seen: { call: FacilitatorCall; answer: unknown }[] = [];
    const observed = await rig.start({
      intercept: async (call) => {
        seen.push({ call, answer: await call.proceed() });
        return undefined;
      },
    });
    const request = await rig.request(await rig.newPayer());
    const verdict = await verify(observed.url, request);
    expect(seen).toMatchObject([{ call: { endpoint: "verify", request }, answer: verdict }]);
    const receipt = await settle(observed.url, request);
    expect(seen[1]).toMatchObject({ call: { endpoint: "settle", request }, answer: receipt });
  });

  it("may answer instead, or hang up", async () => {
    const answer: FacilitatorReply = { kind: "answer", status: 503, contentType: "text/html", body: "<h1>" };
    const replies: FacilitatorReply[] = [answer, { kind: "hang-up" }];
    const faulty = await rig.start({ intercept: async () => replies.shift() });
    const other = await post(`${faulty.url}/verify`, "{}");
    expect([other.status, other.headers.get("content-type"), await other.text()]).toEqual([
      503,
      "text/html",
      "<h1>",
    ]);
    await expect(post(`${faulty.url}/verify`, "{}")).rejects.toThrow();
    expect(await verify(faulty.url, {})).toMatchObject({ isValid: false });
  });
});

describe("a body that cannot be read is refused in the shape of the endpoint, never 5xx", () => {
  const bodies: [title: string, body: string, contentType?: string][] = [
    ["no body", ""],
    ["half a JSON", '{"x402Version":2,'],
    ["HTML", "<html></html>", "text/html"],
    ["a form", "a=1", "application/x-www-form-urlencoded"],
    ["too large", JSON.stringify({ x402Version: 2, padding: "x".repeat(70_000) })],
    ["a key that would change a prototype", '{"__proto__":{"x402Version":2},"x402Version":2}'],
    ["a constructor that would change a prototype", '{"constructor":{"prototype":{"isValid":true}}}'],
    ["null", "null"],
    ["an array", "[]"],
    ["a number", "402"],
    ["nested without end", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    [
      "nested without end as version",
      `{"paymentPayload":{},"paymentRequirements":{},"x402Version":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
    ],
  ];

  it.each(bodies)("%s", async (_title, body, contentType) => {
    const verified = await post(`${facilitator.url}/verify`, body, contentType);
    expect(verified.status).toBeLessThan(500);
    expect(verifyResponseSchema.parse(await verified.json())).toMatchObject({
      isValid: false,
      invalidReason: expect.any(String),
    });
    const settled = await post(`${facilitator.url}/settle`, body, contentType);
    expect(settled.status).toBeLessThan(500);
    expect(settleResponseSchema.parse(await settled.json())).toMatchObject({
      success: false,
      errorReason: expect.any(String),
      transaction: "",
      network: rig.chain.network,
    });
  });

  it.each([
    ["x402Version 1", { x402Version: 1 }, "invalid_x402_version"],
    ["x402Version as text", { x402Version: "2" }, "invalid_x402_version"],
    ["no paymentPayload", { paymentPayload: undefined }, "invalid_payload"],
    ["no paymentRequirements", { paymentRequirements: undefined }, "invalid_payload"],
  ])("%s", async (_title, change, code) => {
    const request = await rig.request(await rig.newPayer());
    const changed = Object.assign({}, request, change);
    expect(await verify(facilitator.url, changed)).toMatchObject({ isValid: false, invalidReason: code });
    expect(await settle(facilitator.url, changed)).toMatchObject({ success: false, errorReason: code });
  });

  it("keys of prototypes do not count", async () => {
    const request = await rig.request(await rig.newPayer());
    const hostile = JSON.stringify(request).replace(
      "{",
      '{"__proto__":{"paymentRequirements":{"amount":"1"}},',
    );
    expect(await (await post(`${facilitator.url}/verify`, hostile)).json()).toMatchObject({ isValid: true });
    const alone = `{"__proto__":${JSON.stringify(request)},"x402Version":2}`;
    const answer = await post(`${facilitator.url}/verify`, alone);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ isValid: false, invalidReason: "invalid_payload" });
  });

  it("any JSON at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        for (const path of ["verify", "settle"]) {
          const answer = await post(`${facilitator.url}/${path}`, body);
          expect(answer.status).toBeLessThan(500);
          expect(await answer.json()).not.toMatchObject({ isValid: true });
        }
      }),
      { numRuns: 50 },
    );
  });

  it("a good request in which any one value is replaced by anything", async () => {
    const payer = await rig.newPayer();
    const good = JSON.stringify(
      await rig.request(payer, {
        requirements: { payTo: payer.address },
        authorization: { to: payer.address },
      }),
    );
    const before = await witness(rig, payer.address);
    const values = [...good.matchAll(/:("[^"]*"|\d+)/g)].map((match) => match[1] ?? "");
    await fc.assert(
      fc.asyncProperty(fc.nat(values.length - 1), fc.json({ maxDepth: 1 }), async (place, replacement) => {
        const answer = await post(
          `${facilitator.url}/verify`,
          good.replace(values[place] ?? "", () => replacement),
        );
        expect(answer.status).toBeLessThan(500);
        expect(verifyResponseSchema.safeParse(await answer.json()).success).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(await witness(rig, payer.address)).toEqual(before);
  });
});

it("a node that went away gives a coded answer that does not name it, and the next one works again", async () => {
  const chain = await startChain();
  const { privateKey } = chain.accounts.facilitator;
  const errors: unknown[] = [];
  const stranded = await startFacilitator({
    rpcUrl: chain.rpcUrl,
    privateKey,
    onError: (error) => errors.push(error),
  });
  const request = await rig.request(await rig.newPayer());
  await chain.stop();
  try {
    const verified = await post(`${stranded.url}/verify`, JSON.stringify(request));
    const settled = await post(`${stranded.url}/settle`, JSON.stringify(request));
    expect([verified.status, settled.status]).toEqual([200, 200]);
    const texts = [await verified.text(), await settled.text()];
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({
      isValid: false,
      invalidReason: "unexpected_verify_error",
    });
    expect(JSON.parse(texts[1] ?? "")).toMatchObject({
      success: false,
      errorReason: "unexpected_settle_error",
      transaction: "",
      network: rig.chain.network,
    });
    for (const text of texts) expect(text).not.toMatch(/127\.0\.0\.1|at .*\.ts|0x[0-9a-f]{64}/);
    expect(errors).toHaveLength(2);
  } finally {
    await stranded.stop();
  }
});

it("a port in use is a problem that names the flag", async () => {
  const { privateKey } = rig.chain.accounts.facilitator;
  const port = Number(new URL(facilitator.url).port);
  await expect(startFacilitator({ rpcUrl: rig.chain.rpcUrl, privateKey, port })).rejects.toMatchObject({
    code: "port-in-use",
    next: expect.stringContaining("--facilitator-port"),
  });
});

it("a database file that is none is a problem that names it", async () => {
  const { privateKey } = rig.chain.accounts.facilitator;
  const databaseFile = import.meta.filename;
  await expect(
    startFacilitator({ rpcUrl: rig.chain.rpcUrl, privateKey, databaseFile }),
  ).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(databaseFile),
  });
});

it("refuses a chain that is not a local development node", async () => {
  const node = Fastify();
  node.post("/", async () => ({ jsonrpc: "2.0", id: 1, result: "Geth/v1.16.0-stable" }));
  try {
    const rpcUrl = await node.listen({ host: "127.0.0.1", port: 0 });
    const { privateKey } = rig.chain.accounts.facilitator;
    await expect(startFacilitator({ rpcUrl, privateKey })).rejects.toMatchObject({
      code: "not-a-development-chain",
    });
  } finally {
    await node.close();
  }
});

describe("start.ts", () => {
  const startScript = fileURLToPath(import.meta.resolve("./start.ts"));

  it("serves as a process of its own and ends on SIGTERM with 0", async () => {
    const { RPC_URL, FACILITATOR_PRIVATE_KEY } = environment();
    const child = spawn(process.execPath, [startScript], {
      env: { ...process.env, RPC_URL, FACILITATOR_PRIVATE_KEY, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const [line] = await once(child.stdout.setEncoding("utf8"), "data");
    const url = String(line).trim();
    expect(await settle(url, await rig.request(await rig.newPayer()))).toMatchObject({ success: true });
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  it("says which variable is missing and ends with 2", async () => {
    const { RPC_URL } = environment();
    const child = spawn(process.execPath, [startScript], {
      env: { PATH: process.env.PATH, RPC_URL },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "exit");
    const [complaint] = await once(child.stderr.setEncoding("utf8"), "data");
    expect(complaint).toMatch(/FACILITATOR_PRIVATE_KEY/);
    expect(await ended).toEqual([2, null]);
  });

  function environment() {
    return { RPC_URL: rig.chain.rpcUrl, FACILITATOR_PRIVATE_KEY: rig.chain.accounts.facilitator.privateKey };
  }
});
