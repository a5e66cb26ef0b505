import { z } from "zod";
import type { Challenge } from "./challenge.ts";
import type { ReplayableRequest } from "./request.ts";
import type { ParameterHint, RequestHint } from "./request-hints.ts";

const text = z.string().max(2_000).optional().catch(undefined);
const anyRecord = z.record(z.string(), z.unknown());

/** A JSON Schema of an object, as far as it names fields. */
const objectSchema = z
  .looseObject({ properties: anyRecord.catch({}), required: z.array(z.string()).catch([]) })
  .catch({ properties: {}, required: [] });

const bazaarSchema = z.looseObject({
  info: z.looseObject({
    input: z.looseObject({ type: z.literal("http"), method: text }),
    output: z.unknown().optional(),
  }),
  schema: z.unknown().optional(),
});

/** The places of a bazaar input, and where each goes in a request. */
const bazaarPlaces = [
  ["queryParams", "query"],
  ["pathParams", "path"],
  ["headers", "header"],
  ["body", "body"],
] as const;

/** The extension `bazaar` of a v2 challenge: examples in `info`, JSON Schema in `schema`. */
export function bazaarHint(challenge: Challenge | undefined): RequestHint | undefined {
  const bazaar = bazaarSchema.safeParse(challenge?.extensions?.bazaar);
  if (!bazaar.success) return undefined;
  const { info, schema } = bazaar.data;
  const inputSchema = objectSchema.parse(objectSchema.parse(schema).properties.input);
  const parameters = bazaarPlaces.flatMap(([key, place]) =>
    parametersOf(place, inputSchema.properties[key], info.input[key]),
  );
  const { method } = info.input;
  return { source: "bazaar", foundAt: "extensions.bazaar", method, parameters, output: info.output };
}

const outputSchema = z.looseObject({
  input: z.looseObject({ type: z.literal("http"), method: text }),
  output: z.unknown().optional(),
});

/** `outputSchema` of a v1 entry. */
export function outputSchemaHint(challenge: Challenge | undefined): RequestHint | undefined {
  const offered = challenge?.entries.find((entry) => entry.ok);
  const shape = outputSchema.safeParse(offered?.ok ? offered.value.outputSchema : undefined);
  if (!shape.success) return undefined;
  const { input, output } = shape.data;
  const fields = (place: ParameterHint["in"], key: string) =>
    Object.entries(anyRecord.catch({}).parse(input[key])).map(([name, schema]) => {
      const { required } = z
        .looseObject({ required: z.boolean().catch(false) })
        .catch({ required: false })
        .parse(schema);
      return { name, in: place, required, schema };
    });
  const parameters = [...fields("query", "queryParams"), ...fields("body", "bodyFields")];
  return {
    source: "output-schema",
    foundAt: "accepts[].outputSchema",
    method: input.method,
    parameters,
    output,
  };
}

const operationSchema = z.looseObject({
  summary: text,
  description: text,
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(["query", "path", "header"]),
        required: z.boolean().catch(false),
        schema: z.unknown().optional(),
      }),
    )
    .catch([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })) })
    .optional()
    .catch(undefined),
});
const openApiSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The operation of an OpenAPI document that the request is for. */
export function openApiHint(
  request: ReplayableRequest,
  found: Document | undefined,
): RequestHint | undefined {
  const document = openApiSchema.safeParse(found?.json);
  if (!document.success || found === undefined) return undefined;
  const path = new URL(request.url).pathname;
  const [, methods] =
    Object.entries(document.data.paths).find(([template]) => isPathOf(template, path)) ?? [];
  const operation = operationSchema.safeParse(methods?.[request.method.toLowerCase()]);
  if (!operation.success) return undefined;
  const { summary, description = summary, parameters, requestBody } = operation.data;
  const body = requestBody?.content["application/json"]?.schema;
  return {
    source: "openapi",
    foundAt: found.url,
    method: request.method,
    description,
    parameters: [
      ...parameters.map(({ name, in: place, required, schema }) => ({ name, in: place, required, schema })),
      ...parametersOf("body", body, undefined),
    ],
  };
}

const catalogueSchema = z.looseObject({
  items: z.array(
    z.looseObject({ resource: z.string(), method: text, description: text }).nullable().catch(null),
  ),
});

/** The item of `/.well-known/x402` that is about the request. */
export function wellKnownHint(
  request: ReplayableRequest,
  found: Document | undefined,
): RequestHint | undefined {
  const catalogue = catalogueSchema.safeParse(found?.json);
  if (!catalogue.success || found === undefined) return undefined;
  const { origin, pathname } = new URL(request.url);
  const item = catalogue.data.items.find((one) => one?.resource === `${origin}${pathname}`);
  if (!item) return undefined;
  const { method, description } = item;
  return { source: "well-known", foundAt: found.url, method, description, parameters: [] };
}

/** A JSON document, and where it was found. */
export interface Document {
  readonly url: string;
  readonly json: unknown;
}

function parametersOf(place: ParameterHint["in"], schema: unknown, examples: unknown): ParameterHint[] {
  const { properties, required } = objectSchema.parse(schema);
  const given = anyRecord.catch({}).parse(examples);
  const names = new Set([...Object.keys(properties), ...Object.keys(given)]);
  return [...names].slice(0, 100).map((name) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(properties[name] === undefined ? {} : { schema: properties[name] }),
    ...(given[name] === undefined ? {} : { example: given[name] }),
  }));
}

/** `/cities/{name}` fits `/cities/Rome`. */
function isPathOf(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => /^\{.*\}$/.test(segment) || segment === given[index])
  );
}
