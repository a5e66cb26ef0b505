import { begun, isStream } from "../body-stream.ts";
import {
  type Answer,
  type Exchange,
  type Goods,
  jsonAnswer,
  type PaidWork,
  type SellerRequest,
} from "../exchange.ts";
import type { HandlerResult, Route, Work } from "../route.ts";

/** What the handler made: goods worth charging for, or a failure that costs nothing. */
export type Handled =
  | { readonly kind: "done"; readonly answer: Goods }
  | { readonly kind: "failed"; readonly answer: Answer };

/** Runs the handler, a stream up to its first piece. Nothing of its output leaves before the payment is settled. */
export async function handle({ route, request, seller }: Exchange, work: Work): Promise<Handled> {
  try {
    if (route.price !== undefined) await seller.onWork?.(workOf(route, request));
    const result = await work();
    const charge = chargeOf(route, result);
    const answer = await answerOf(result);
    if (answer.status >= 400) return { kind: "failed", answer };
    return { kind: "done", answer: charge === undefined ? answer : { ...answer, charge } };
  } catch (error) {
    seller.log.error({ err: error, route: route.name }, "handler failed");
    return { kind: "failed", answer: jsonAnswer(500, { error: "Internal server error" }) };
  }
}

/** @throws RangeError when the handler charges what nobody permitted */
function chargeOf({ paidBy, price = 0n, name }: Route, { charge }: HandlerResult): bigint | undefined {
  if (charge === undefined) return undefined;
  if (paidBy !== "upto")
    throw new RangeError(`${name} is paid by ${paidBy}: its price is fixed, so its handler charges nothing.`);
  if (charge < 0n || charge > price)
    throw new RangeError(`${name} charges ${charge}, which is not between 0 and its price, ${price}.`);
  return charge;
}

function workOf(route: Route, { url, headers }: SellerRequest): PaidWork {
  const requestId = headers["x-request-id"];
  return { route: route.name, url, ...(typeof requestId === "string" ? { requestId } : {}) };
}

async function answerOf({ status = 200, headers = {}, body }: HandlerResult): Promise<Answer> {
  if (body === undefined) return { status, headers, body: "" };
  if (typeof body === "string")
    return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
  if (body instanceof Uint8Array)
    return { status, headers: { "content-type": "application/octet-stream", ...headers }, body };
  if (isStream(body))
    return {
      status,
      headers: { "content-type": "application/octet-stream", ...headers },
      body: await begun(body),
    };
  const json = jsonAnswer(status, body);
  return { ...json, headers: { ...json.headers, ...headers } };
}
