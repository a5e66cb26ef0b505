import { type Json, parseJson, sendOverWire } from "../oracles/wire/index.ts";

/** What a server publishes about itself, as far as it does. */
export interface Documents {
  readonly openApi?: Document;
  readonly wellKnown?: Document;
}

/** A JSON document and the path at which it was found. */
export interface Document {
  readonly path: string;
  readonly json: Json;
}

/** Where frameworks put their OpenAPI document: Express and Hono by habit, FastAPI, Fastify, NestJS, Spring, Swagger 2. */
const openApiPaths = [
  "/openapi.json",
  "/api/openapi.json",
  "/docs/json",
  "/documentation/json",
  "/api-docs",
  "/api-json",
  "/v3/api-docs",
  "/doc",
  "/swagger.json",
];

/** Asks an origin for its documents; whatever fails is left out. */
export async function documentsOf(
  origin: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Documents> {
  const read = async (path: string): Promise<Document | undefined> => {
    const request = {
      method: "GET",
      origin,
      target: path,
      headers: { accept: "application/json", ...headers },
    };
    const answer = await sendOverWire(request, { timeoutMs });
    const json = answer.kind === "answer" && answer.status === 200 ? parseJson(answer.body) : undefined;
    return json === undefined ? undefined : { path, json };
  };
  const [wellKnown, ...candidates] = await Promise.all(["/.well-known/x402", ...openApiPaths].map(read));
  const openApi = candidates.find((document) => document !== undefined && isOpenApi(document.json));
  return { ...(openApi === undefined ? {} : { openApi }), ...(wellKnown === undefined ? {} : { wellKnown }) };
}

function isOpenApi(json: Json): boolean {
  return typeof json === "object" && json !== null && ("openapi" in json || "swagger" in json);
}
