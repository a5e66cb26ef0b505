import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import { Problem } from "#sandbox";

const valueSchema = z.union(
  [
    z.string(),
    z.strictObject({
      /** Variable of the environment that holds it. */
      env: z.string().min(1),
      /** What stands before it, e.g. `"Bearer "`. */
      prefix: z.string().optional(),
    }),
  ],
  { error: 'expected a text or { env: "NAME" }' },
);

/** Headers by name; a value is a text, or comes from the environment and is redacted wherever a run shows anything. */
export const headersSchema = z.record(z.string().min(1), valueSchema);

/** Headers as a configuration writes them. */
export type ConfiguredHeaders = z.output<typeof headersSchema>;

/** Headers as they are sent, names in lower case, and which texts of them must not be shown. */
export interface ResolvedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/**
 * Puts headers together, later ones winning, and reads the values that come from the environment.
 *
 * @param place what a complaint calls the headers, e.g. `seller.headers`
 * @throws Problem `config` when the environment lacks one, or HTTP does not allow a header
 */
export function resolveHeaders(
  sources: readonly (ConfiguredHeaders | undefined)[],
  place: string,
): ResolvedHeaders {
  const secrets: string[] = [];
  const headers = sources
    .flatMap((source) => Object.entries(source ?? {}))
    .map(([name, value]) => {
      const text = typeof value === "string" ? value : `${value.prefix ?? ""}${secretOf(value.env)}`;
      requireHttp(name, text, place);
      return [name.toLowerCase(), text];
    });
  return { headers: Object.fromEntries(headers), secrets };

  function secretOf(variable: string): string {
    const secret = process.env[variable];
    if (!secret) {
      throw new Problem(
        "config",
        `${place} needs ${variable}, and the environment has none.`,
        `Set ${variable}.`,
      );
    }
    secrets.push(secret);
    return secret;
  }
}

/**
 * Reads a header as a flag writes it: `NAME: VALUE`, where `$VARIABLE` may end the value.
 *
 * @throws Problem `usage`
 *
 * @example
 * parseHeader('authorization: Bearer $API_TOKEN') // { authorization: { env: "API_TOKEN", prefix: "Bearer " } }
 */
export function parseHeader(text: string): ConfiguredHeaders {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new Problem(
      "usage",
      `--header is ${JSON.stringify(text)}, not a header.`,
      "Write it as 'NAME: VALUE', or 'NAME: $VARIABLE' for a value of the environment.",
    );
  }
  const [, prefix = "", env] = /^(.*)\$([A-Za-z_]\w*)$/s.exec(value) ?? [];
  return { [name]: env === undefined ? value : { env, prefix } };
}

function requireHttp(name: string, value: string, place: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (cause) {
    const what = `${place} has a header that HTTP does not allow: ${JSON.stringify(name)}`;
    throw new Problem("config", `${what}.`, "A name is one word; a value has no line breaks.", { cause });
  }
}
