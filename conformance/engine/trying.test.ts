import { expect, test } from "vitest";
import { Difference, Finding, Unproven } from "./finding.ts";
import { asDifference, hinting, trying, whileStill } from "./trying.ts";

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

const isBlue = () => {
  throw new Finding("It is blue.", "red", "blue");
};

test("a hint stands at the end of what is found", async () => {
  const check = hinting("Look at the paint.", isBlue);
  await expect(Promise.resolve(check({}))).rejects.toThrow("It is blue. Look at the paint.");
});

test("what is found counts only where its premise holds", async () => {
  const isNight = () => Promise.reject(new Unproven("It is night."));
  await expect(Promise.resolve(whileStill(isNight, isBlue)({}))).rejects.toThrow("It is night.");
  await expect(Promise.resolve(whileStill(async () => undefined, isBlue)({}))).rejects.toThrow("It is blue.");
  await expect(Promise.resolve(whileStill(isNight, () => undefined)({}))).resolves.toBeUndefined();
});

test("as a difference, a finding warns", async () => {
  await expect(Promise.resolve(asDifference(isBlue)({}))).rejects.toBeInstanceOf(Difference);
});
