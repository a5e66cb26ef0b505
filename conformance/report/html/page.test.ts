import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumHere, openBrowser } from "../testing/browser.ts";
import { type LeakyRun, runLeakySeller } from "../testing/leaky-runs.ts";

/* The page in a real browser. Without one, CI fails; elsewhere the reason is in the name of what is skipped. */
const chromium = chromiumHere();
const here = chromium === undefined && !process.env.CI ? describe.skip : describe;
const reason = chromium === undefined ? "needs Chromium, e.g. apt-get install chromium" : "in Chromium";
if (chromium === undefined) console.warn("The HTML report is not tried: there is no Chromium here.");

const failed = "seller.replay.same-payment-twice";

here(`the HTML report (${reason})`, () => {
  let run: LeakyRun;
  let page: Page;
  let close: () => Promise<void>;
  beforeAll(async () => {
    if (chromium === undefined) throw new Error("There is no Chromium: apt-get install chromium.");
    run = await runLeakySeller();
    const opened = await openBrowser(chromium);
    page = await opened.browser.newPage();
    close = opened.close;
  }, 120_000);
  afterAll(async () => {
    await close();
    await rm(run.folder, { recursive: true });
  });

  const open = async (hash = "") => {
    await page.goto("about:blank");
    await page.goto(`file://${join(run.folder, "report.html")}${hash}`);
  };
  const visibleCases = () => page.locator("details.case:visible").count();

  test.for([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)(
    "has no flaw that axe finds: %s, %i wide",
    { timeout: 60_000 },
    async ([colorScheme, width]) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await open();
      const { violations, passes } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`,
      );
      expect(told).toEqual([]);
      expect(passes.length).toBeGreaterThan(10);
    },
  );

  test("is no wider than a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  test("says the verdict first, and of a failure all that there is to know", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(`#${failed}`);
    expect(await page.locator("h1").textContent()).toBe("NOT CONFORMANT");
    const text = await page.locator(`[id="${failed}"]`).textContent();
    for (const part of [
      "A payment already settled is not accepted for a second delivery.",
      "V2 §10.1",
      "a refusal (4xx)",
      "status 200",
      "under test",
      "GET /weather + payment",
      "0.001 USDC",
      "1 transfer left the payer",
      `npx x402-assay conformance replay ${failed} --seed leaky`,
    ])
      expect(text).toContain(part);
  });

  test("names the fault that was used", async () => {
    await open();
    const faults = await page.locator("h4", { hasText: "Fault that was switched on" }).count();
    expect(faults).toBeGreaterThan(0);
  });

  test("filters by status and by word", async () => {
    await open();
    const all = await visibleCases();
    await page.getByRole("button", { name: /failed/ }).click();
    const failures = await visibleCases();
    expect(failures).toBe(await page.locator("details.case.fail").count());
    expect(failures).toBeLessThan(all);
    await page.getByRole("searchbox").fill("same-payment-twice");
    expect(await visibleCases()).toBe(1);
    await page.getByRole("searchbox").fill("no such case");
    expect(await page.getByText("No case is like that.").isVisible()).toBe(true);
  });

  test("is used with the keyboard alone", async () => {
    await open();
    await page.keyboard.press("/");
    expect(await focused()).toBe("search");
    await page.keyboard.type("eight-at-once");
    expect(await visibleCases()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await visibleCases()).toBeGreaterThan(1);
    await page.locator("a.cell").first().focus();
    const [first, second] = await page
      .locator("a.cell")
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("href")));
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(second);
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(first);
    await page.keyboard.press("Enter");
    await page.locator("details.case > summary:focus").waitFor();
    expect(await page.evaluate("'#' + document.activeElement.parentElement.id")).toBe(first);
  });

  test("asks nobody for anything", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await open();
    expect(asked.filter((url) => !url.startsWith("file://"))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  const focused = () => page.evaluate("document.activeElement.type");
});
