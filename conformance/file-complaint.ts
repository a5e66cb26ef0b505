import { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";

/** One sentence, without its full stop, about what is wrong in a file that a person wrote: the place, and what may stand there. */
export function fileComplaint({ issues: [issue] }: z.ZodError, schema: z.ZodType): string {
  if (issue === undefined) return "it is malformed";
  const place = issue.path.join(".");
  if (issue.code === "unrecognized_keys") return unknownKeys(issue, schema);
  const expectation = issue.message.replace(/^Invalid (input|option): /, "");
  return place === "" ? expectation : `${place}: ${expectation}`;
}

function unknownKeys({ keys, path }: z.core.$ZodIssueUnrecognizedKeys, schema: z.ZodType): string {
  const known = keysAt(path, z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  const settings = keys.map((key) => [...path, key].join(".")).join(", ");
  return `there is no setting ${settings}.${didYouMean(keys[0] ?? "", known) || ` There may be ${known.join(", ")}`}`;
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** The keys that the object at a path may have. */
function keysAt([first, ...rest]: readonly PropertyKey[], schema: JsonSchema | undefined): readonly string[] {
  if (typeof schema !== "object") return [];
  if (first === undefined) return Object.keys(schema.properties ?? {}).concat(namesOf(schema));
  if (typeof first !== "number") return keysAt(rest, schema.properties?.[String(first)]);
  return Array.isArray(schema.items) ? [] : keysAt(rest, schema.items);
}

/** Of a record whose keys are of an enumeration. */
function namesOf({ propertyNames }: z.core.JSONSchema.BaseSchema): string[] {
  return typeof propertyNames === "object" ? (propertyNames.enum ?? []).map(String) : [];
}
