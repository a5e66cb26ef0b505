import { afterAll, beforeAll, expect, test } from "vitest";
import { derivePayer } from "../chain/index.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const somebody = derivePayer("admin", "somebody").address;

test("GET / describes the sandbox", async () => {
  expect(await ask("GET", "/")).toEqual({ status: 200, json: sandbox.description });
});

test("the faucet gives what was ordered and tells the balance", async () => {
  const order = { address: derivePayer("admin", "faucet").address, amount: "250000" };
  expect(await ask("POST", "/faucet", order)).toEqual({
    status: 200,
    json: { address: order.address, balance: "250000" },
  });
  expect(await ask("POST", "/faucet", order)).toMatchObject({ json: { balance: "500000" } });
});

test("the faucet takes a list of orders", async () => {
  const orders = ["one", "two"].map((label) => ({
    address: derivePayer("admin", label).address,
    amount: "7",
  }));
  expect(await ask("POST", "/faucet", orders)).toEqual({
    status: 200,
    json: orders.map(({ address }) => ({ address, balance: "7" })),
  });
  const [order] = orders;
  expect(await ask("POST", "/faucet", [order, { ...order, amount: "0" }])).toMatchObject({
    status: 400,
    json: { error: expect.stringMatching(/^1\.amount: /) },
  });
});

test("the faucet takes an address in any case of its letters", async () => {
  const { address } = derivePayer("admin", "any case");
  const swapped = address.replace(/[a-f]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  expect(await ask("POST", "/faucet", { address: swapped.replace("0X", "0x"), amount: "7" })).toEqual({
    status: 200,
    json: { address, balance: "7" },
  });
});

test("the clock is read and moved forward", async () => {
  const before = await ask("GET", "/clock");
  const after = await ask("POST", "/clock", { advanceSeconds: 600 });
  expect(Number(now(after)) - Number(now(before))).toBeGreaterThanOrEqual(600);
});

test("faults are switched on, listed, and switched off one by one or all together", async () => {
  const added = await ask("POST", "/faults", { name: "settle-500", payer: somebody, times: 2 });
  expect(added).toEqual({
    status: 200,
    json: {
      id: expect.any(Number),
      name: "settle-500",
      place: "facilitator",
      seed: expect.any(String),
      payer: somebody,
      times: 2,
      reached: 0,
      on: true,
    },
  });
  const listed = await ask("GET", "/faults");
  expect(listed.json).toMatchObject({ active: [added.json] });
  expect(listed.json).toHaveProperty("catalogue[0]", {
    name: "verify-refuses",
    place: "facilitator",
    endpoint: "verify",
    effect: expect.stringMatching(/\.$/),
    takes: ["reason"],
    standing: false,
    alone: false,
    needsPayer: false,
  });
  const path = `/faults/${Object(added.json).id}`;
  expect(await ask("DELETE", path)).toEqual({ status: 204 });
  expect(await ask("DELETE", path)).toMatchObject({ status: 404, json: { error: expect.any(String) } });
  await ask("POST", "/faults", { name: "verify-500" });
  expect(await ask("DELETE", "/faults")).toEqual({ status: 204 });
  expect(await ask("GET", "/faults")).toMatchObject({ json: { active: [] } });
});

test("a fault that another one stands in the way of is refused with a sentence", async () => {
  const first = await ask("POST", "/faults", { name: "token-paused" });
  expect(await ask("POST", "/faults", { name: "token-paused" })).toEqual({
    status: 409,
    json: { error: expect.stringContaining(`DELETE /faults/${Object(first.json).id}`) },
  });
  expect(await ask("DELETE", "/faults")).toEqual({ status: 204 });
});

test("paid work is reported and asked for by request", async () => {
  expect(await ask("POST", "/work", { requestId: "r-1", route: "/a" })).toEqual({ status: 204 });
  await ask("POST", "/work", { requestId: "r-2", route: "/b" });
  expect(await ask("GET", "/work?requestId=r-1")).toEqual({
    status: 200,
    json: [{ requestId: "r-1", route: "/a" }],
  });
  expect(Object((await ask("GET", "/work")).json).length).toBeGreaterThanOrEqual(2);
});

test("the journal of a payer who did nothing is empty", async () => {
  expect(await ask("GET", `/journal?payer=${somebody}`)).toEqual({ status: 200, json: [] });
});

const anybody = { address: somebody, amount: "1" };

test.each([
  ["POST", "/faucet", { ...anybody, address: "0x12" }, "address: expected a 20-byte hex address"],
  ["POST", "/faucet", { amount: "1" }, "address: expected a 20-byte hex address"],
  ["POST", "/faucet", { ...anybody, amount: 5 }, "amount: expected string, received number"],
  ["POST", "/faucet", { ...anybody, amount: "1.5" }, "amount: expected atomic units"],
  ["POST", "/faucet", { ...anybody, amount: "-1" }, "amount: expected atomic units"],
  [
    "POST",
    "/faucet",
    { ...anybody, amount: "0" },
    "amount: expected atomic units in decimal digits, at least 1",
  ],
  ["POST", "/faucet", { ...anybody, currency: "USD" }, "currency"],
  ["POST", "/faucet", undefined, "expected object"],
  ["POST", "/faucet", { address: `0x${"0".repeat(40)}`, amount: "1" }, "The chain refused: "],
  ["POST", "/clock", { advanceSeconds: -5 }, "advanceSeconds: "],
  ["POST", "/clock", { advanceSeconds: 0.5 }, "advanceSeconds: "],
  ["POST", "/clock", { advanceSeconds: 1e15 }, "advanceSeconds: "],
  ["POST", "/clock", {}, "advanceSeconds: "],
  ["POST", "/faults", { name: "settle-explodes" }, "name: expected one of verify-refuses, "],
  ["POST", "/faults", { name: "toString" }, "name: expected one of verify-refuses, "],
  ["POST", "/faults", { name: "settle-500", times: 0 }, "times: "],
  ["POST", "/faults", { name: "clock-moved", times: 1 }, "times: clock-moved is a state"],
  ["POST", "/faults", { name: "settle-500", payer: "me" }, "payer: expected a 20-byte hex address"],
  ["DELETE", "/faults/first", undefined, "id: "],
  ["GET", "/journal?payer=me", undefined, "payer: expected a 20-byte hex address"],
  ["GET", "/work?requestId=a&requestId=b", undefined, "requestId: expected string"],
  ["POST", "/work", { requestId: 7 }, "requestId: expected string, received number"],
])("%s %s with %j is refused with a sentence", async (method, path, body, complaint) => {
  expect(await ask(method, path, body)).toEqual({
    status: 400,
    json: { error: expect.stringContaining(complaint) },
  });
});

test("a body that is no JSON is refused with a sentence", async () => {
  const response = await fetch(new URL("/faucet", sandbox.description.adminUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{",
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringContaining("JSON") });
});

test("a path that is not there names those that are", async () => {
  expect(await ask("GET", "/fauctes")).toEqual({
    status: 404,
    json: { error: expect.stringMatching(/^There is no GET \/fauctes.*POST \/faucet/) },
  });
});

async function ask(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json?: unknown }> {
  const response = await fetch(new URL(path, sandbox.description.adminUrl), {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, ...(text === "" ? {} : { json: JSON.parse(text) }) };
}

function now({ json }: { json?: unknown }): string {
  return Object(json).now;
}
