/** The official x402 server around a handler that takes a Request and gives a Response. */
import {
  HTTPFacilitatorClient,
  type HTTPRequestContext,
  x402HTTPResourceServer,
  x402ResourceServer,
} from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";

const { FACILITATOR_URL = "http://127.0.0.1:4022" } = process.env;
const { PAY_TO: payTo = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" } = process.env;
const network = "eip155:84532";

const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const resourceServer = new x402ResourceServer(facilitator).register(network, new ExactEvmScheme());

type Handler = (request: Request) => Promise<Response>;

/**
 * Sells what a handler answers.
 *
 * @param route `"GET /weather"`
 * @param price `"$0.001"`
 */
export function paid(route: string, price: string, handle: Handler): Handler {
  const server = new x402HTTPResourceServer(resourceServer, {
    [route]: { accepts: { scheme: "exact", network, payTo, price } },
  });
  const ready = server.initialize();
  // A facilitator that cannot be asked at first fails every request, not the process.
  ready.catch(() => undefined);
  return async (request) => {
    await ready;
    const context = contextOf(request);
    const asked = await server.processHTTPRequest(context);
    if (asked.type === "no-payment-required") return handle(request);
    if (asked.type === "payment-error") {
      const { body, status, headers } = asked.response;
      return Response.json(body ?? {}, { status, headers });
    }
    const answer = await handle(request);
    if (answer.status >= 400) {
      await asked.cancellationDispatcher.cancel({ reason: "handler_failed", responseStatus: answer.status });
      return answer;
    }
    // The answer is held back until the money has moved.
    const responseBody = Buffer.from(await answer.arrayBuffer());
    const { paymentPayload, paymentRequirements, declaredExtensions } = asked;
    const settled = await server.processSettlement(paymentPayload, paymentRequirements, declaredExtensions, {
      request: context,
      responseBody,
      responseHeaders: Object.fromEntries(answer.headers),
    });
    if (!settled.success) {
      const { body, status, headers } = settled.response;
      return Response.json(body ?? {}, { status, headers });
    }
    const headers = new Headers([...answer.headers, ...Object.entries(settled.headers)]);
    headers.set("cache-control", "private");
    return new Response(responseBody, { status: answer.status, headers });
  };
}

function contextOf(request: Request): HTTPRequestContext {
  const { pathname } = new URL(request.url);
  const header = (name: string) => request.headers.get(name) ?? undefined;
  return {
    method: request.method,
    path: pathname,
    adapter: {
      getHeader: header,
      getMethod: () => request.method,
      getPath: () => pathname,
      getUrl: () => request.url,
      // An API has no paywall page: browsers get JSON, too.
      getAcceptHeader: () => "application/json",
      getUserAgent: () => header("user-agent") ?? "",
    },
  };
}
