import { PaymentError } from "./payment-error.ts";
import type { ReplayableRequest } from "./request.ts";

/** The answer to the unpaid request, and the request as it has to be repeated when the answer is a 402. */
export interface Asked {
  readonly request: ReplayableRequest;
  readonly response: Response;
}

/**
 * Sends the request without a payment. Redirects are followed; a price asked after one is accepted only for a GET
 * on the same origin, because elsewhere the paid request would not be the one the caller wrote.
 *
 * @throws PaymentError `network-error`, `redirected`; nothing was signed
 */
export async function ask(request: ReplayableRequest, signal?: AbortSignal): Promise<Asked> {
  const response = await send(request, signal);
  if (response.status !== 402 || !response.redirected) return { request, response };
  const sameOrigin = new URL(response.url).origin === new URL(request.url).origin;
  if (!sameOrigin || request.method !== "GET") throw redirected(request, response);
  return { request: { ...request, url: response.url }, response };
}

async function send(request: ReplayableRequest, signal: AbortSignal | undefined): Promise<Response> {
  const { url, method, headers, body } = request;
  try {
    return await fetch(url, { method, headers, body: body ?? null, signal: signal ?? null });
  } catch (cause) {
    throw new PaymentError("network-error", `${url} did not answer${why(cause)}.`, {
      moneyMoved: "no",
      next: "Check that the seller runs and the URL is right, then try again.",
      cause,
    });
  }
}

/** fetch hides the reason of a failed connection in `cause`. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return ` (${String(cause.code)})`;
  return ` (${error.message})`;
}

function redirected(request: ReplayableRequest, response: Response): PaymentError {
  return new PaymentError(
    "redirected",
    `${request.method} ${request.url} was redirected to ${response.url}, which asks for money.`,
    {
      moneyMoved: "no",
      next: "If you trust that address, send the request to it directly.",
      response,
    },
  );
}
