import { expect, test } from "vitest";
import type { Role } from "../requirements/index.ts";
import { suitesToRun } from "./suites-to-run.ts";

const chosen = (suites: readonly Role[], only: string) =>
  suitesToRun({ suites, flag: (name) => (name === "only" ? only : "") });

test("all suites run unless only says otherwise", () => {
  expect(chosen(["seller", "client"], "")).toEqual({ run: ["seller", "client"], leftOut: [] });
  expect(chosen(["seller", "client"], "\n *.retry.* \n client.payment.*")).toEqual({
    run: ["seller", "client"],
    leftOut: [],
  });
});

test("a suite of which only names no case is left out", () => {
  expect(chosen(["seller", "client", "facilitator"], "client.payment.*\nfacilitator.api.*")).toEqual({
    run: ["client", "facilitator"],
    leftOut: ["seller"],
  });
});

test("what only means for a suite alone is for the command line to say", () => {
  expect(chosen(["seller"], "client.*")).toEqual({ run: ["seller"], leftOut: [] });
});

test("it is an error when no suite is left", () => {
  expect(() => chosen(["seller", "client"], "facilitator.*\nsellr.*")).toThrow(
    "only names no case of the suites seller, client: facilitator.*, sellr.*.",
  );
});
