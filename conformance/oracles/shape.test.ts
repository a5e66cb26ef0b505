import { expect, test } from "vitest";
import { hasShapeOf } from "./shape.ts";

const reading = (id: string, temperature: number) => JSON.stringify({ id, weather: { temperature } });
const samples = [reading("a1", 3), reading("b2", 4)];

test("values of the same kind in the same places are of one shape", () => {
  expect(hasShapeOf(samples, reading("c3", 5), [])).toBe(true);
  expect(hasShapeOf(samples, JSON.stringify({ id: "c3", weather: null }), [])).toBe(false);
  expect(hasShapeOf(samples, JSON.stringify({ id: "c3", error: "no" }), [])).toBe(false);
  expect(hasShapeOf(samples, "no JSON", [])).toBe(false);
});

test("an envelope that holds an error instead is of another shape", () => {
  const sold = (data: string) => JSON.stringify({ data, error: null, took: 1 });
  expect(hasShapeOf([sold("x"), sold("y")], JSON.stringify({ data: null, error: "no", took: 1 }), [])).toBe(
    false,
  );
});

test("values that are always the same belong to the shape", () => {
  const sold = (id: string) => JSON.stringify({ id, at: id.length, success: true });
  const refused = JSON.stringify({ id: "c3", at: 7, success: false });
  expect(hasShapeOf([sold("a1"), sold("b2")], refused, [])).toBe(false);
  expect(hasShapeOf([sold("a1"), sold("b2")], sold("c3"), [])).toBe(true);
});

test("a shape that is shown to everybody, or that any message may have, tells nothing", () => {
  expect(hasShapeOf(samples, reading("c3", 5), [reading("d4", 6)])).toBe(false);
  expect(hasShapeOf(['{"message":"a"}', '{"message":"b"}'], '{"message":"refused"}', [])).toBe(false);
  expect(hasShapeOf(["red", "blue"], "green", [])).toBe(false);
});
