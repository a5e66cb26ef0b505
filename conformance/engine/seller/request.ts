import type { WireRequest } from "../../oracles/wire/index.ts";
import type { SubjectSetup } from "./setup.ts";

/** A request of the subject's API, as a flag or the config names it. `target` is path and query. */
export interface ApiRequest {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The requests that the cases are made of; what is missing makes the cases that need it not applicable. */
export interface SellerRequests {
  /** Costs money and succeeds. */
  readonly paid: ApiRequest;
  /** Costs money, but is refused as invalid. */
  readonly invalid?: ApiRequest;
  /** Costs nothing. */
  readonly free?: ApiRequest;
  /** Cost money, and their handlers fail after the payment was verified, each in its own way. */
  readonly failing?: readonly ApiRequest[];
  /** Another paid request, at another price. */
  readonly alsoPaid?: ApiRequest;
  /** Costs money, and is sold only under a payment identifier. */
  readonly identified?: ApiRequest;
  /** Costs money, and its answer is sent piece by piece, as it is made. */
  readonly streaming?: ApiRequest;
  /** Costs money, and takes scheme `exact` by Permit2. */
  readonly permit2?: ApiRequest;
  /** Cost money, and take scheme `upto`. */
  readonly upto?: readonly ApiRequest[];
}

/** A request that need not be given. */
export type OptionalRequest = Exclude<keyof SellerRequests, "paid" | "failing" | "upto">;

/** Which optional requests and abilities a case needs. */
export type Need = OptionalRequest | "failing" | "upto" | Ability;

/** What the suite must be able to do with the subject, or the subject must be like. */
export type Ability = "restart" | "own-facilitator" | "authorization-flow" | "both-versions" | "mcp";

/** How to give what a case needs. */
export const remedies: Readonly<Record<Need, string>> = {
  invalid: 'give one with --invalid "METHOD /path [body]": a paid request that must be refused as invalid',
  free: 'give one with --free "METHOD /path [body]": a request that costs nothing',
  failing:
    'give one with --failing "METHOD /path [body]": a paid request whose handler fails after payment; best one that throws, and one that answers 404',
  alsoPaid: 'give one with --also-paid "METHOD /path [body]": another paid request',
  identified:
    'give one with --identified "METHOD /path [body]": a paid request that requires a payment identifier',
  streaming: 'give one with --streaming "METHOD /path [body]": a paid request whose answer is streamed',
  permit2:
    'give one with --permit2 "METHOD /path [body]": a paid request that takes scheme exact with assetTransferMethod permit2',
  upto: 'give one with --upto "METHOD /path [body]": a paid request that takes scheme upto; best another one, too, for which nothing is charged',
  restart: "start the seller with --start, so that the suite can restart it",
  "own-facilitator":
    "start the seller with --start and let it use FACILITATOR_URL, so that the suite can make the facilitator fail",
  "authorization-flow":
    "the seller states another payment flow, in which money moves before the handler runs",
  "both-versions": "the seller asks to be paid in one version of x402 only",
  mcp: "give an MCP server with --mcp URL --tool NAME: tools that are paid over MCP",
};

/** Puts an API request on the wire to a subject. */
export function onWire(
  { origin, headers: always }: Pick<SubjectSetup, "origin" | "headers">,
  request: ApiRequest,
  headers: WireRequest["headers"] = {},
): WireRequest {
  const contentType = request.body === undefined ? {} : { "content-type": "application/json" };
  return {
    method: request.method,
    origin,
    target: request.target,
    headers: { accept: "application/json", ...contentType, ...always, ...request.headers, ...headers },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}
