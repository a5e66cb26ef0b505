/**
 * A seller made of the official Hono middleware (`@x402/hono`) on `@hono/node-server`, the way its own documentation
 * puts it together. It reads its environment as official-terms.ts says, prints its URL when it listens, and runs until
 * SIGTERM:
 *
 *   x402-assay conformance seller --start "node conformance/peers/hono-seller.ts" --url "http://127.0.0.1:{port}/weather?city=Berlin"
 */
import { getRequestListener } from "@hono/node-server";
import { paymentMiddleware } from "@x402/hono";
import { Hono } from "hono";
import { goods } from "./goods.ts";
import { listen } from "./listen.ts";
import { environment, resourceServer, routes } from "./official-terms.ts";

const app = new Hono();
app.use(paymentMiddleware(routes, resourceServer));
for (const [path, handle] of Object.entries(goods(environment.WORK_URL))) {
  app.get(path, async (context) => {
    const { pathname, search } = new URL(context.req.url);
    const { status, headers, body } = await handle({
      path: pathname,
      url: pathname + search,
      query: (name) => context.req.query(name),
      requestId: context.req.header("x-request-id"),
    });
    if (body instanceof ReadableStream) {
      return context.body(body.pipeThrough(new TextEncoderStream()), status, headers);
    }
    return context.json(body, status, headers);
  });
}

await listen(getRequestListener(app.fetch), environment.PORT);
