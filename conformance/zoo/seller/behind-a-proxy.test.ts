import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import type { CaseResult } from "../../engine/index.ts";
import { newsOfRun } from "../../news-of-run.ts";
import { type Front, startReference } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** Large enough for the payments of seller.malformed.deep-nesting alone. */
const large = 4_000;

/** A proxy that answers some requests by 502, and all others for some time after them. */
function takingOut(isFailed: (path: string, payment: string) => boolean, forMs: number): Front {
  let backAt = 0;
  return ({ url = "", headers }, response, forward) => {
    const isFailing = isFailed(url, String(headers["payment-signature"] ?? ""));
    if (isFailing) backAt = Date.now() + forMs;
    if (!isFailing && Date.now() >= backAt) return forward();
    response.writeHead(502, { "content-type": "text/html" }).end("<h1>502 Bad Gateway</h1>");
  };
}

async function found(front: Front, caseId: string, seed: string): Promise<readonly CaseResult[]> {
  const subject = await startReference(sandbox.description, "seller behind a proxy", { front });
  try {
    const cases = sellerCases.filter(({ id }) => id === caseId);
    return (await judge(subject, sandbox.description, seed, "x402@2", cases)).results;
  } finally {
    await subject.stop();
  }
}

const nested = "seller.malformed.deep-nesting";
const invalid = "seller.validate.invalid-is-told-before-payment";

test.each([
  [nested, takingOut((_, payment) => payment.length > large, 5_000)],
  [invalid, takingOut((path) => path === "/weather", 5_000)],
])("a proxy that lets nobody through leaves %s unproven, and what to do is told", async (caseId, front) => {
  const results = await found(front, caseId, `out, ${caseId}`);
  expect(results.find(({ id }) => id === caseId)).toMatchObject({
    status: "inconclusive",
    message: expect.stringContaining("A plain request is answered with 502, too"),
  });
  expect(newsOfRun("seller", results, [])).toContainEqual(
    expect.stringMatching(/^\d cases? proved nothing.*max_fails=0.*--workers 1/),
  );
});

test.each([
  [nested, takingOut((_, payment) => payment.length > large, 0), "fail"],
  [invalid, takingOut((path) => path === "/weather", 0), "warn"],
])("whoever answers 502 to nothing but %s is told so", async (caseId, front, status) => {
  const results = await found(front, caseId, `in, ${caseId}`);
  expect(results.find(({ id }) => id === caseId)).toMatchObject({ status });
  expect(newsOfRun("seller", results, [])).toEqual([]);
});

test("a proxy that refuses large headers is named", async () => {
  const caseId = "seller.retry.served";
  const front: Front = ({ headers }, response, forward) => {
    if (headers["payment-signature"] === undefined) return forward();
    response.writeHead(400, { "content-type": "text/html" }).end("<h1>Request Header Too Large</h1>");
  };
  const results = await found(front, caseId, "large headers");
  expect(results.find(({ id }) => id === caseId)).toMatchObject({
    status: "fail",
    message: expect.stringMatching(/^The paid request was not served\. .*large_client_header_buffers/),
  });
});

test("a proxy that makes GET of HEAD is named", async () => {
  const caseId = "seller.access.head-takes-nothing";
  const front: Front = (request, _response, forward) => {
    if (request.method === "HEAD") request.method = "GET";
    forward();
  };
  const results = await found(front, caseId, "HEAD");
  expect(results.find(({ id }) => id === caseId)).toMatchObject({
    status: "warn",
    message: expect.stringContaining("proxy_cache_convert_head off"),
  });
});
