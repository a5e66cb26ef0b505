import { Problem } from "#sandbox";
import type { ApiRequest } from "../engine/seller/index.ts";

/**
 * Reads a request as a flag or the config writes it: `"METHOD /path [body]"`.
 *
 * @throws Problem `usage` that names `flag`
 *
 * @example
 * parseRequest("POST /echo {\"message\":\"hi\"}", "--also-paid")
 */
export function parseRequest(text: string, flag: string): ApiRequest {
  const [, method, target, body] = /^([A-Za-z]+)\s+(\/\S*)(?:\s+(.+))?$/s.exec(text.trim()) ?? [];
  if (method === undefined || target === undefined) {
    throw new Problem(
      "usage",
      `${flag} is ${JSON.stringify(text)}, not a request.`,
      'Write it as "METHOD /path [body]", e.g. "GET /weather".',
    );
  }
  return { method: method.toUpperCase(), target, ...(body === undefined ? {} : { body }) };
}
