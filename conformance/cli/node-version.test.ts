import { expect, test } from "vitest";
import { complaintAboutNode } from "./node-version.ts";

test.each(["18.20.8", "20.20.2", "22.21.1"])("Node %s is too old", (version) => {
  expect(complaintAboutNode(version)).toContain(`needs Node 22.22 or newer, and this is Node ${version}.`);
});

test.each(["22.22.0", "23.0.0", "24.21.0", "100.0.0"])("Node %s is fine", (version) => {
  expect(complaintAboutNode(version)).toBeUndefined();
});
