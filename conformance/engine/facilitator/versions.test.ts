import { expect, test } from "vitest";
import { judgedVersions, listedVersions, listsNetwork, networkNameIn } from "./versions.ts";

const v1 = { x402Version: 1, scheme: "exact", network: "base-sepolia" };
const v2 = { x402Version: 2, scheme: "exact", network: "eip155:84532" };

test.each([
  [[v1, v2], undefined, ["x402@2", "x402@1"]],
  [[v2], undefined, ["x402@2"]],
  [[v1], undefined, ["x402@1"]],
  [[], undefined, ["x402@2"]],
  [[{ ...v2, x402Version: 3 }, { ...v1, x402Version: "1" }, "v1"], undefined, ["x402@2"]],
  [[v1], "x402@2", ["x402@2"]],
  [[v1, v2], "x402@1", ["x402@1"]],
  [[], "x402@1", ["x402@1"]],
] as const)("of the kinds %j, asked for %j, it is judged in %j", (kinds, asked, judged) => {
  expect(judgedVersions(kinds, asked)).toEqual(judged);
});

test("kinds are of the versions that they say", () => {
  expect(listedVersions([v1, v2])).toEqual(["x402@2", "x402@1"]);
  expect(listedVersions(["x402Version", null, {}])).toEqual([]);
});

test.each([
  [v2, "x402@2", true],
  [{ ...v2, network: "eip155:*" }, "x402@2", true],
  [v1, "x402@2", false],
  [v1, "x402@1", true],
  [v2, "x402@1", false],
  [{ ...v1, network: "base" }, "x402@1", false],
] as const)("%j names the network in %s: %s", (kind, protocol, isNamed) => {
  expect(listsNetwork([kind], protocol, "eip155:84532")).toBe(isNamed);
});

test("a network without a name in v1 goes by that of v2", () => {
  expect(networkNameIn("x402@1", "eip155:84532")).toBe("base-sepolia");
  expect(networkNameIn("x402@1", "eip155:31337")).toBe("eip155:31337");
});
