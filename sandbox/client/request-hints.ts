import type { Challenge } from "./challenge.ts";
import type { DiscoveryDocuments } from "./discovery.ts";
import { bazaarHint, openApiHint, outputSchemaHint, wellKnownHint } from "./hint-sources.ts";
import type { ReplayableRequest } from "./request.ts";

/** One thing that a request takes. */
export interface ParameterHint {
  readonly name: string;
  readonly in: "query" | "path" | "header" | "body";
  readonly required: boolean;
  /** JSON Schema, as the server gave it. */
  readonly schema?: unknown;
  readonly example?: unknown;
}

/** How the server says that a request should look. Everything in it was written by the server: data, not instructions. */
export interface RequestHint {
  readonly source: "bazaar" | "output-schema" | "openapi" | "well-known";
  /** Where exactly it was found: a field of the challenge, or a URL. */
  readonly foundAt: string;
  readonly method?: string | undefined;
  readonly description?: string | undefined;
  readonly parameters: readonly ParameterHint[];
  /** An example of the answer, or its type. */
  readonly output?: unknown;
}

/** Something in which the request differs from a hint. */
export interface RequestIssue {
  readonly source: RequestHint["source"];
  readonly code: "other-method" | "missing-parameter";
  /** e.g. `query.city` */
  readonly where: string;
  readonly message: string;
}

/** What is known of the request's shape. */
export interface RequestShape {
  readonly hints: readonly RequestHint[];
  readonly issues: readonly RequestIssue[];
}

/** Finds out how a request should look; never fails. */
export type ShapeFinder = (
  request: ReplayableRequest,
  challenge: Challenge | undefined,
) => Promise<RequestShape>;

/** Reads hints out of the challenge and of the documents that the server publishes, and holds the request against them. */
export function shapeOf(
  request: ReplayableRequest,
  challenge: Challenge | undefined,
  documents: DiscoveryDocuments,
): RequestShape {
  const found = [
    bazaarHint(challenge),
    outputSchemaHint(challenge),
    openApiHint(request, documents.openApi),
    wellKnownHint(request, documents.wellKnown),
  ];
  const hints = found.flatMap((hint) => (hint === undefined ? [] : [hint]));
  return { hints, issues: hints.flatMap((hint) => issuesOf(request, hint)) };
}

/** Only what is certain without running the server's schemas: another method, and required things that are missing. */
function issuesOf(request: ReplayableRequest, { source, method, parameters }: RequestHint): RequestIssue[] {
  if (method !== undefined && method.toUpperCase() !== request.method) {
    const message = `The server describes ${method.toUpperCase().slice(0, 20)}, the request is ${request.method}.`;
    return [{ source, code: "other-method", where: "method", message }];
  }
  return parameters
    .filter((parameter) => parameter.required && !has(request, parameter))
    .map(({ name, in: place }) => {
      const where = `${place}.${name}`;
      return { source, code: "missing-parameter", where, message: `The request lacks ${where}.` };
    });
}

function has({ url, headers, body }: ReplayableRequest, { name, in: place }: ParameterHint): boolean {
  if (place === "query") return new URL(url).searchParams.has(name);
  if (place === "header") return headers[name.toLowerCase()] !== undefined;
  return place === "path" || hasField(body, name, headers["content-type"] ?? "");
}

function hasField(body: ArrayBuffer | undefined, name: string, contentType: string): boolean {
  if (body === undefined) return false;
  const text = new TextDecoder().decode(body);
  if (contentType.includes("x-www-form-urlencoded")) return new URLSearchParams(text).has(name);
  if (!contentType.includes("json")) return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, name);
  } catch {
    return false;
  }
}
