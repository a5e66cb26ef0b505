import { expect, test } from "vitest";
import { sellerCases } from "../cases/seller/index.ts";
import { register, topics } from "./index.ts";

test("no two rules share an id", () => {
  expect(register.size).toBe(topics.flatMap(({ rules }) => rules).length);
});

test("no two cases share an id, and every id begins with its role", () => {
  const ids = sellerCases.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const id of ids) expect(id).toMatch(/^seller\.[a-z0-9-]+\.[a-z0-9-]+$/);
});

test("every case cites a rule of its own role", () => {
  for (const { id, requirement } of sellerCases) {
    expect(register.get(requirement)?.role, id).toBe("seller");
  }
});
