import { field, type Json, type JsonObject } from "../../engine/index.ts";

/**
 * Whether a signed payload is about what was asked for. As with `resource.url`, the path decides: behind a proxy, a
 * seller may know itself by another name. What the challenge calls it is right in any case.
 */
export function namesResource(payload: JsonObject, requested: URL, inChallenge: Json | undefined): boolean {
  const url = field(payload, "resourceUrl");
  if (typeof url !== "string") return false;
  return url === inChallenge || URL.parse(url, requested.origin)?.pathname === requested.pathname;
}

/** Whether a time can be meant in seconds: in milliseconds, ours would be in the year 55000. */
export function isUnixSeconds(time: Json | undefined): boolean {
  return typeof time === "number" && time >= 0 && time < 100_000_000_000;
}
