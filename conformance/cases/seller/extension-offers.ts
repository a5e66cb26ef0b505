import { field, isJsonObject, type JsonObject, NotApplicable, Unproven } from "../../engine/index.ts";
import type { ApiRequest, Trader } from "../../engine/seller/index.ts";

/** What the challenge of a paid request says under `extensions`. */
export async function offeredExtensions(t: Trader, request: ApiRequest = t.paid): Promise<JsonObject> {
  const { answer } = await t.ask(request).done();
  const reading = t.dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  const extensions = field(reading.challenge, "extensions");
  return isJsonObject(extensions) ? extensions : {};
}

/**
 * What the challenge of a paid request says of one extension.
 *
 * @throws NotApplicable when the seller does not offer it: no rule of it binds the seller
 */
export async function offeredExtension(
  t: Trader,
  key: string,
  request: ApiRequest = t.paid,
): Promise<JsonObject> {
  const entry = field(await offeredExtensions(t, request), key);
  if (isJsonObject(entry)) return entry;
  throw new NotApplicable(`The seller does not offer the extension ${key}.`);
}
