/**
 * A seller made of the official Express middleware (`@x402/express`), the way its own documentation puts it together.
 * It reads its environment as official-terms.ts says, prints its URL when it listens, and runs until SIGTERM:
 *
 *   x402-assay conformance seller --start "node conformance/peers/express-seller.ts" --url "http://127.0.0.1:{port}/weather?city=Berlin"
 */
import { paymentMiddleware } from "@x402/express";
import express from "express";
import { goods } from "./goods.ts";
import { listen } from "./listen.ts";
import { environment, resourceServer, routes } from "./official-terms.ts";

const app = express();
app.use(paymentMiddleware(routes, resourceServer));
for (const [path, handle] of Object.entries(goods(environment.WORK_URL))) {
  app.get(path, async (request, response) => {
    const { status, headers, body } = await handle({
      path: request.path,
      url: request.originalUrl,
      query: (name) => request.query[name],
      requestId: request.get("x-request-id"),
    });
    response.status(status).set(headers);
    if (!(body instanceof ReadableStream)) {
      response.json(body);
      return;
    }
    for await (const piece of body) response.write(piece);
    response.end();
  });
}

await listen(app, environment.PORT);
