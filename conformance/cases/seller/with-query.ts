import type { ApiRequest } from "../../engine/seller/index.ts";

/** The same request with one more parameter in its query. */
export function withQuery(request: ApiRequest, parameter: string): ApiRequest {
  const { target } = request;
  return { ...request, target: `${target}${target.includes("?") ? "&" : "?"}${parameter}` };
}
