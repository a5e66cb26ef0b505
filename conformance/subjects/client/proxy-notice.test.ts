import { expect, test } from "vitest";
import { proxyNotice } from "./proxy-notice.ts";

const proxy = "http://proxy.example:3128";

test("a proxy is told of that would be asked for the suite's shops", () => {
  const [notice] = proxyNotice({ HTTP_PROXY: proxy, NO_PROXY: "localhost,.example" });
  expect(notice).toMatch(/^HTTP_PROXY is set, .* Set NO_PROXY=127\.0\.0\.1,localhost/);
  expect(proxyNotice({ all_proxy: proxy })).toHaveLength(1);
});

test.each([
  ["there is none", {}],
  ["it is for HTTPS", { HTTPS_PROXY: proxy }],
  ["it is empty", { http_proxy: "" }],
  ["this machine is exempt", { http_proxy: proxy, no_proxy: "localhost, 127.0.0.1" }],
  ["everything is exempt", { HTTP_PROXY: proxy, NO_PROXY: "*" }],
])("nothing is told where %s", (_, environment) => {
  expect(proxyNotice(environment)).toEqual([]);
});
