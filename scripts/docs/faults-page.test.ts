import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { catalogue, type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../conformance/cases/seller/index.ts";
import { faultsPage, sellerViews } from "./faults-page.ts";

const run = promisify(execFile);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => type("curl -X DELETE http://127.0.0.1:4020/faults"));

const page = faultsPage();
const commands = [...page.matchAll(/curl [^`\n]+/g)].map(([command]) => command);
const orders = commands.filter((command) => command.includes("--json"));

/** Types a command into a shell, with the address of this sandbox for the usual one. */
async function type(command: string): Promise<string> {
  const { stdout } = await run("sh", [
    "-c",
    command.replace("http://127.0.0.1:4020", sandbox.description.adminUrl),
  ]);
  return stdout;
}

test.each(orders)("%s", async (command) => {
  expect(JSON.parse(await type(command))).toMatchObject({ id: expect.any(Number), on: true, reached: 0 });
});

test.each(commands.filter((command) => !orders.includes(command)))("%s", async (command) => {
  const answer = await type(command);
  if (command.includes("DELETE")) expect(answer).toBe("");
  else expect(JSON.parse(answer)).toMatchObject({ active: [], catalogue: catalogue() });
});

test("every fault has a command of its own", () => {
  for (const { name } of catalogue())
    expect(orders.filter((command) => command.includes(`"${name}"`))).not.toEqual([]);
});

test("of every fault behind the facilitator it is said what a seller sees, with cases that exist", () => {
  const behind = catalogue().filter(({ place }) => place !== "facilitator");
  expect(new Set(Object.keys(sellerViews))).toEqual(new Set(behind.map(({ name }) => name)));
  const known = new Set(sellerCases.map(({ id }) => id));
  const named = Object.values(sellerViews).flatMap((view) => [...view.matchAll(/`(seller\.[\w.-]+)`/g)]);
  expect(named.map(([, id]) => id).filter((id) => id === undefined || !known.has(id))).toEqual([]);
});
