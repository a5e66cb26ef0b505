import { expect, test } from "vitest";
import { suites } from "../suites.ts";
import { register, topics } from "./index.ts";

test("no two rules share an id", () => {
  expect(register.size).toBe(topics.flatMap(({ rules }) => rules).length);
});

test("no two cases share an id, and every id begins with its role", () => {
  for (const { role, cases } of suites) {
    const ids = cases.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const id of ids) expect(id).toMatch(new RegExp(`^${role}\\.[a-z0-9-]+\\.[a-z0-9-]+$`));
  }
});

test("every case cites a rule of its own role", () => {
  for (const { role, cases } of suites) {
    for (const { id, requirement } of cases) expect(register.get(requirement)?.role, id).toBe(role);
  }
});
