import { z } from "zod";
import type { ApiRequest } from "../engine/seller/index.ts";
import type { Documents } from "./documents.ts";

/** A request that a document describes, filled in with its examples. */
export interface Operation {
  readonly request: ApiRequest;
  /** The same request without one thing that the document calls required. */
  readonly incomplete?: ApiRequest;
  /** What is missing in it, e.g. `city`. */
  readonly missing?: string;
  /** Whether asking for it without paying does no harm: it only reads, or is said to cost money. */
  readonly harmless: boolean;
  /** Whether its answer is said to come in pieces. */
  readonly streams: boolean;
}

const anyRecord = z.record(z.string(), z.unknown());
const schemaSchema = z
  .looseObject({ type: z.unknown().optional(), enum: z.array(z.unknown()).optional() })
  .catch({});
const objectSchema = z
  .looseObject({ properties: anyRecord.catch({}), required: z.array(z.string()).catch([]) })
  .catch({ properties: {}, required: [] });

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().catch(false),
  schema: z.unknown().optional(),
  example: z.unknown().optional(),
});

const operationSchema = z.looseObject({
  parameters: z.array(z.unknown()).catch([]),
  requestBody: z
    .looseObject({
      content: z.record(
        z.string(),
        z.looseObject({ schema: z.unknown().optional(), example: z.unknown().optional() }),
      ),
    })
    .optional()
    .catch(undefined),
  responses: z
    .record(z.string(), z.looseObject({ content: anyRecord.catch({}) }).catch({ content: {} }))
    .catch({}),
});

const openApiSchema = z.looseObject({ paths: z.record(z.string(), anyRecord) });

const wellKnownSchema = z.looseObject({
  items: z
    .array(z.looseObject({ resource: z.string(), method: z.string().optional() }).nullable().catch(null))
    .catch([]),
  resources: z.array(z.string().nullable().catch(null)).catch([]),
});

const methods = ["get", "post", "put", "patch", "delete"];
const harmlessMethods = ["get", "head"];

/** Every request that the documents of a server describe, those of OpenAPI first: they know parameters. */
export function operationsIn({ openApi, wellKnown }: Documents, origin: string): readonly Operation[] {
  const described = [...openApiOperations(openApi?.json), ...wellKnownOperations(wellKnown?.json, origin)];
  const known = new Set<string>();
  return described.filter(({ request: { method, target } }) => {
    const name = `${method} ${target.split("?")[0]}`;
    if (known.has(name)) return false;
    known.add(name);
    return true;
  });
}

function openApiOperations(document: unknown): Operation[] {
  const parsed = openApiSchema.safeParse(document);
  if (!parsed.success) return [];
  return Object.entries(parsed.data.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = operationSchema.safeParse(item[method]);
      if (item[method] === undefined || !operation.success) return [];
      const shared = z.array(z.unknown()).catch([]).parse(item.parameters);
      return operationOf(method, path, shared, operation.data);
    }),
  );
}

/** One operation with its required parameters filled in; none when one of them cannot be made up. */
function operationOf(
  method: string,
  path: string,
  shared: readonly unknown[],
  { parameters: own, requestBody, responses, ...rest }: z.infer<typeof operationSchema>,
): Operation[] {
  const parameters = [...shared, ...own].flatMap((parameter) => {
    const { success, data } = parameterSchema.safeParse(parameter);
    return success && data.required ? [{ ...data, value: sampleText(data.example, data.schema) }] : [];
  });
  if (parameters.some(({ in: place }) => !["query", "path"].includes(place))) return [];
  const target = targetOf(path, parameters);
  const json = requestBody?.content["application/json"];
  const body = json === undefined ? undefined : sampleObject(json.example, json.schema);
  const request = requestOf(method, target, body);
  const dropped = parameters.findLast(({ in: place }) => place === "query");
  const missingField = body === undefined ? undefined : objectSchema.parse(json?.schema).required[0];
  const content = Object.keys(responses["200"]?.content ?? {}).join(" ");
  return [
    {
      request,
      harmless: harmlessMethods.includes(method) || "402" in responses || "x-payment-info" in rest,
      streams: /event-stream|ndjson/.test(content),
      ...(dropped === undefined
        ? {}
        : {
            incomplete: requestOf(
              method,
              targetOf(
                path,
                parameters.filter((one) => one !== dropped),
              ),
              body,
            ),
            missing: dropped.name,
          }),
      ...(dropped !== undefined || missingField === undefined || body === undefined
        ? {}
        : { incomplete: requestOf(method, target, without(body, missingField)), missing: missingField }),
    },
  ];
}

function wellKnownOperations(document: unknown, origin: string): Operation[] {
  const parsed = wellKnownSchema.safeParse(document);
  if (!parsed.success) return [];
  const { items, resources } = parsed.data;
  const listed = [
    ...items,
    ...resources.map((resource) => (resource === null ? null : { resource, method: "GET" })),
  ];
  return listed.flatMap((item) => {
    const url = item === null ? null : URL.parse(item.resource, origin);
    if (item === null || url === null || url.origin !== origin) return [];
    const method = item.method ?? "GET";
    return [
      {
        request: requestOf(method, `${url.pathname}${url.search}`, undefined),
        harmless: true,
        streams: false,
      },
    ];
  });
}

function requestOf(method: string, target: string, body: Record<string, unknown> | undefined): ApiRequest {
  return {
    method: method.toUpperCase(),
    target,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

function targetOf(
  path: string,
  parameters: readonly { readonly name: string; readonly in: string; readonly value: string }[],
): string {
  const inPath = (name: string) =>
    parameters.find((one) => one.in === "path" && one.name === name)?.value ?? "example";
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(inPath(name)));
  const query = parameters
    .filter((one) => one.in === "query")
    .map(({ name, value }): [string, string] => [name, value]);
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

function without(body: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
}

function sampleObject(example: unknown, schema: unknown): Record<string, unknown> {
  const { success, data } = anyRecord.safeParse(example ?? exampleOf(schema));
  if (success) return data;
  const { properties, required } = objectSchema.parse(schema);
  return Object.fromEntries(required.map((name) => [name, sample(properties[name])]));
}

function sampleText(example: unknown, schema: unknown): string {
  return String(example ?? sample(schema));
}

/** An example that the schema gives, or the simplest value of its type. */
function sample(schema: unknown): unknown {
  const { type, enum: choices } = schemaSchema.parse(schema);
  const given = exampleOf(schema) ?? choices?.[0];
  if (given !== undefined) return given;
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  if (type === "array") return [];
  if (type === "object") return sampleObject(undefined, schema);
  return "example";
}

function exampleOf(schema: unknown): unknown {
  const { example, examples, default: preset } = anyRecord.catch({}).parse(schema);
  return example ?? (Array.isArray(examples) ? examples[0] : undefined) ?? preset;
}
