import { expect, test } from "vitest";
import { Patience } from "./patience.ts";

test("waits a minute until the client has paid once, then three times as long as it ever took", () => {
  const patience = new Patience();
  expect(patience.milliseconds).toBe(60_000);
  patience.sawPause(20);
  expect(patience.milliseconds).toBe(1_500);
  patience.sawPause(10_000);
  patience.sawPause(1_000);
  expect(patience.milliseconds).toBe(30_000);
});
