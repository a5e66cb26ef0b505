import { expect, test } from "vitest";
import { Difference, Finding } from "./finding.ts";
import { trying } from "./trying.ts";

test.each([Finding, Difference])("a %o says what was tried, and stays what it is", async (Kind) => {
  const check = trying("The second of three", () => {
    throw new Kind("It is blue.", "red", "blue");
  });
  const error = await Promise.resolve(check({})).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: "The second of three: It is blue.",
    expected: "red",
    actual: "blue",
  });
  expect(error instanceof Difference).toBe(Kind === Difference);
});
