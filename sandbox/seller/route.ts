import type { ZodError, ZodType } from "zod";
import type { Awaitable, SellerRequest } from "./exchange.ts";
import type { PaymentMethod } from "./payment-method.ts";

/**
 * What a handler gives back: status (200 unless told), headers, and a body: text, bytes, a stream of either (an async
 * iterable, e.g. a generator or a ReadableStream) or anything JSON.
 *
 * The payment is settled when a stream has its first piece, and nothing is sent before. A stream that fails until then
 * costs nothing. One that fails later breaks off: the connection is closed without the end of the body, and the
 * payment stays spent, so whatever must come whole or not at all should not be streamed.
 */
export interface HandlerResult {
  readonly status?: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /**
   * Of a route that is paid `upto`: what is charged, in atomic units, from 0 to the price; the price unless told. No
   * buyer sees it but in the receipt, as `amount`. A charge that is out of bounds, or of another route, is a failure of
   * the handler: nothing is charged.
   */
  readonly charge?: bigint;
}

/** How a route is declared: one entry drives validation, price and discovery. */
export interface RouteDefinition<Input> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As Fastify takes it, e.g. `/weather` or `/cities/:name`; only its exact spelling is answered. */
  readonly path: string;
  /** Atomic units of the asset; without it the route is free. */
  readonly price?: bigint;
  /** How it is paid; `eip3009` unless told. With `upto`, the price is a bound, and the handler says what is charged. */
  readonly paidBy?: PaymentMethod;
  readonly description: string;
  /** Of the goods; `application/json` unless told. */
  readonly mimeType?: string;
  /** What must hold for `{ params, query, body }`, the body parsed as JSON; `z.object({})` takes any request. */
  readonly input: ZodType<Input>;
  /** A request that is in order, for catalogues. */
  readonly example?: Input;
  /** The work. Status 400 and above, or a throw, means that nothing is charged. */
  handle(input: Input, request: SellerRequest): Awaitable<HandlerResult>;
}

/** A handler with its validated input: runs when called. */
export type Work = () => Awaitable<HandlerResult>;

/** A request that is in order, or why it is not. */
export type Prepared =
  | { readonly kind: "ready"; readonly work: Work }
  | { readonly kind: "invalid"; readonly reason: string };

/** A declared route. `prepare` validates a request and binds the handler to it. */
export interface Route {
  readonly method: RouteDefinition<unknown>["method"];
  readonly path: string;
  /** e.g. `GET /weather`. */
  readonly name: string;
  /** Atomic units; `undefined` for a free route. */
  readonly price: bigint | undefined;
  readonly paidBy: PaymentMethod;
  readonly description: string;
  readonly mimeType: string;
  readonly input: ZodType;
  readonly example: unknown;
  prepare(input: unknown, request: SellerRequest): Prepared;
}

/**
 * Declares a route.
 *
 * @example
 * route({
 *   method: "GET",
 *   path: "/weather",
 *   price: 1000n,
 *   description: "The weather in a city",
 *   input: z.object({ query: z.strictObject({ city: z.string().min(1) }) }),
 *   handle: ({ query }) => ({ body: { city: query.city, sky: "clear" } }),
 * });
 *
 * @example
 * route({
 *   method: "POST",
 *   path: "/translation",
 *   paidBy: "upto",
 *   price: 50_000n, // what the buyer permits
 *   description: "A text in another language, charged by the word",
 *   input: z.object({ body: z.strictObject({ text: z.string() }) }),
 *   handle: ({ body }) => {
 *     const words = body.text.split(/\s+/);
 *     return { body: { words }, charge: 10n * BigInt(words.length) }; // what is charged
 *   },
 * });
 */
export function route<Input>(definition: RouteDefinition<Input>): Route {
  const { method, path, price, description, input, example } = definition;
  const { paidBy = "eip3009", mimeType = "application/json" } = definition;
  return {
    method,
    path,
    name: `${method} ${path}`,
    price,
    paidBy,
    description,
    mimeType,
    input,
    example,
    prepare: (received, request) => {
      const parsed = input.safeParse(received);
      if (!parsed.success) return { kind: "invalid", reason: complaint(parsed.error) };
      return { kind: "ready", work: () => definition.handle(parsed.data, request) };
    },
  };
}

function complaint(error: ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}
