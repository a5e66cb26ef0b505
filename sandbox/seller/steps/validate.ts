import { type Answer, type Exchange, jsonAnswer } from "../exchange.ts";
import type { Work } from "../route.ts";

/** A request in order, with its handler bound to it; or the 4xx that says what is wrong. */
export type Validated =
  | { readonly kind: "valid"; readonly work: Work }
  | { readonly kind: "invalid"; readonly answer: Answer };

/** Checks the request itself, before any money is spoken of: what is wrong costs nothing and asks for nothing. */
export function validate({ route, request }: Exchange): Validated {
  const body = parseJson(request.body);
  if (!body.ok) return invalid("body: not JSON");
  const { params, query } = request;
  const prepared = route.prepare({ params, query, body: body.value }, request);
  return prepared.kind === "ready" ? { kind: "valid", work: prepared.work } : invalid(prepared.reason);
}

function invalid(reason: string): Validated {
  return { kind: "invalid", answer: jsonAnswer(400, { error: "invalid_request", reason }) };
}

function parseJson(body: Uint8Array | undefined): { ok: true; value: unknown } | { ok: false } {
  if (body === undefined) return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) };
  } catch {
    return { ok: false };
  }
}
