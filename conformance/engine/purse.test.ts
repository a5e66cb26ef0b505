import { expect, test } from "vitest";
import { startingFunds } from "./payers.ts";
import { Purse } from "./purse.ts";

test("signs up to the budget and not beyond", () => {
  const purse = new Purse("2500");
  purse.take(1_000n);
  purse.take(1_000n);
  expect(() => purse.take(501n)).toThrow(
    "The run's budget of 2500 does not allow to sign 501 more: 2000 are signed. --budget allows more.",
  );
  purse.take(500n);
});

test("what no payer holds costs nothing", () => {
  const purse = new Purse("0");
  purse.take(startingFunds + 1n);
  expect(() => purse.take(startingFunds)).toThrow("does not allow");
});

test("without a budget anything goes", () => {
  const purse = new Purse(undefined);
  purse.take(startingFunds);
  purse.take(startingFunds);
});
