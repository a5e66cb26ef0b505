import type { SandboxDescription } from "#sandbox";
import { holdsOverMcp } from "../../../cases/seller/index.ts";
import type { ApiRequest, Case, SellerRequests } from "../../../engine/seller/index.ts";
import type { JsonObject } from "../../../oracles/wire/index.ts";
import { type ReferenceVariation, type Subject, startReference } from "../../../subjects/index.ts";
import { connectToolCaller, startMcpBridge } from "../../../subjects/mcp/index.ts";
import { type Reword, startMcpDoor } from "./door.ts";

/** The reference's routes as tools, and the bridge's requests for them. */
const requests: SellerRequests = {
  paid: calling("weather", { city: "Berlin" }),
  invalid: calling("weather", {}),
  free: calling("free", {}),
  failing: ["true", "missing", "throws"].map((fail) => calling("flaky", { fail })),
  alsoPaid: calling("premium", {}),
  permit2: calling("almanac", { city: "Berlin" }),
  upto: [calling("summary", { words: 120 }), calling("summary", { words: 0 })],
};

/** The reference seller, whose GET routes are sold as tools over MCP; with `reword`, a mutant of it. */
export async function startReferenceOverMcp(
  sandbox: SandboxDescription,
  name: string,
  variation: ReferenceVariation = {},
  reword?: Reword,
): Promise<Subject> {
  const seller = await startReference(sandbox, name, variation);
  const door = await startMcpDoor(seller.setup.origin, routeOf, reword);
  const bridge = await startMcpBridge(await connectToolCaller(door.url, {}));
  return {
    setup: { name, overMcp: true, origin: bridge.origin, requests },
    async stop() {
      await bridge.stop();
      await door.stop();
      await seller.stop();
    },
  };
}

/** Those of some cases that hold over MCP, which has no v1. */
export function casesOverMcp(cases: readonly Case[]): readonly Case[] {
  return cases.filter(({ id, protocol }) => protocol !== "x402@1" && holdsOverMcp(id));
}

function routeOf(tool: string, args: JsonObject): ApiRequest {
  const query = Object.entries(args).map(([key, value]): [string, string] => [key, String(value)]);
  return { method: "GET", target: `/${tool}?${new URLSearchParams(query)}` };
}

function calling(tool: string, args: JsonObject): ApiRequest {
  return { method: "POST", target: `/${tool}`, body: JSON.stringify(args) };
}
