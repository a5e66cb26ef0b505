import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describeJson, type Json, type JsonObject } from "./wire/index.ts";

/** What a JSON Schema 2020-12 says about a value; `unreadable` when it is no schema that can be used here. */
export type SchemaVerdict =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly where: string; readonly complaint: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** Sellers send the same schema with every challenge. */
const validators = new Map<string, ValidateFunction>();

/** Compiles on its own, so that no schema can refer to what another one defines. */
function compiled(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = validators.get(text);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  const validate = ajv.compile(schema);
  validators.set(text, validate);
  return validate;
}

/** Holds a value against a schema that came over the wire. Nothing is fetched; `format` is not looked at. */
export function holdAgainstSchema(schema: JsonObject, value: Json): SchemaVerdict {
  try {
    const validate = compiled(schema);
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
