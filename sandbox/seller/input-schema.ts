import { type ZodType, z } from "zod";

/** The JSON Schema of an object, as far as its parts are told apart. */
const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});
type ObjectSchema = z.infer<typeof objectSchema>;

const schemas = new WeakMap<ZodType, ObjectSchema>();

/** The JSON Schema (2020-12) of a route's input: its properties are `params`, `query` and `body`. */
export function inputSchema(input: ZodType): ObjectSchema {
  const known = schemas.get(input);
  if (known !== undefined) return known;
  const schema = readObjectSchema(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  schemas.set(input, schema);
  return schema;
}

/** Reads a JSON Schema as one of an object; without any, as one of an empty object. */
export function readObjectSchema(schema: unknown = {}): ObjectSchema {
  return objectSchema.parse(schema);
}
