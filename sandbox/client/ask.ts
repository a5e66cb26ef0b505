import { PaymentError } from "./payment-error.ts";
import type { ReplayableRequest } from "./request.ts";
import { sendWithin, type Transport, unanswered } from "./transport.ts";

/** The answer to the unpaid request, and the request as it has to be repeated when the answer is a 402. */
export interface Asked {
  readonly request: ReplayableRequest;
  readonly response: Response;
}

/**
 * Sends the request without a payment. Redirects are followed; a price asked after one is accepted only for a GET
 * on the same origin, because elsewhere the paid request would not be the one the caller wrote.
 *
 * @throws PaymentError `network-error`, `redirected`; the reason of the caller's own signal. Nothing was signed
 */
export async function ask(request: ReplayableRequest, transport: Transport): Promise<Asked> {
  const response = await send(request, transport);
  if (response.status !== 402 || !response.redirected) return { request, response };
  const sameOrigin = new URL(response.url).origin === new URL(request.url).origin;
  if (!sameOrigin || request.method !== "GET") throw redirected(request, response);
  return { request: { ...request, url: response.url }, response };
}

async function send(request: ReplayableRequest, transport: Transport): Promise<Response> {
  try {
    return await sendWithin(transport.timeouts.ask, transport, request);
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw unanswered(request.url, cause);
  }
}

function redirected(request: ReplayableRequest, response: Response): PaymentError {
  const message = `${request.method} ${request.url} was redirected to ${response.url}, which asks for money.`;
  return new PaymentError("redirected", message, { response });
}
