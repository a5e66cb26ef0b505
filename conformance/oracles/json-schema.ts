import { Ajv2020 } from "ajv/dist/2020.js";
import { describeJson, type Json, type JsonObject } from "./wire/index.ts";

/** What a JSON Schema 2020-12 says about a value; `unreadable` when it is no schema that can be used here. */
export type SchemaVerdict =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly where: string; readonly complaint: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** Holds a value against a schema that came over the wire. Nothing is fetched; `format` is not looked at. */
export function holdAgainstSchema(schema: JsonObject, value: Json): SchemaVerdict {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  try {
    const validate = ajv.compile(schema);
    if (validate(value)) return { kind: "holds" };
    const [error] = validate.errors ?? [];
    return {
      kind: "broken",
      where: error?.instancePath ?? "",
      complaint: error?.message ?? describeJson(value),
    };
  } catch (error) {
    return { kind: "unreadable", why: error instanceof Error ? error.message : String(error) };
  }
}
