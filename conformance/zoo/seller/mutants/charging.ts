import type { IncomingMessage } from "node:http";
import { fromBase64Json } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";

/** Sellers that take money where they have nothing to sell. */
export const chargingMutants: readonly Mutant[] = [
  charging({
    id: "other-methods-are-charged",
    breaks:
      "Settles whatever payment comes for a path that it sells, and then says that the method is not allowed.",
    caughtBy: ["seller.access.other-method-takes-nothing"],
    isTaken: ({ method, url }) => method === "POST" && url?.startsWith("/weather") === true,
    status: 405,
  }),
  charging({
    id: "paths-below-are-charged",
    breaks:
      "Settles payments for every path below one that it sells, and then says that there is nothing there.",
    caughtBy: ["seller.access.path-below-takes-nothing"],
    isTaken: ({ url }) => url?.startsWith("/weather/") === true,
    status: 404,
  }),
  {
    id: "charges-for-head",
    breaks: "Settles the payment that comes with HEAD, and sends headers for it.",
    caughtBy: ["seller.access.head-takes-nothing"],
    build: replacing("decode", (original, reached) => async (exchange) => {
      if (exchange.request.method !== "HEAD") return original(exchange);
      const decoded = await original({ ...exchange, request: { ...exchange.request, method: "GET" } });
      if (decoded.kind === "paid") reached();
      return decoded;
    }),
  },
  {
    id: "charges-for-not-modified",
    breaks: "Settles the payment of a buyer that has a copy, and answers 304.",
    caughtBy: ["seller.access.not-modified-takes-nothing"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (exchange.request.headers["if-none-match"] === undefined || answer.status !== 200) return answer;
      reached();
      return { ...answer, status: 304, body: "" };
    }),
  },
];

/** Settles the payments of some requests before it looks at what they ask for. */
function charging({
  isTaken,
  status,
  ...mutant
}: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
  readonly isTaken: (request: IncomingMessage) => boolean;
  readonly status: number;
}): Mutant {
  return {
    ...mutant,
    build: (reached, { facilitatorUrl }) => ({
      front: (request, response, forward) => {
        const order = isTaken(request) ? orderIn(request) : undefined;
        if (order === undefined) return forward();
        reached();
        const headers = { "content-type": "application/json" };
        void fetch(`${facilitatorUrl}/settle`, { method: "POST", headers, body: JSON.stringify(order) })
          .then((settled) => settled.text())
          .finally(() => response.writeHead(status).end("{}"));
      },
    }),
  };
}

/** What the facilitator is asked, in the buyer's own terms. */
function orderIn({ headers }: IncomingMessage): object | undefined {
  const header = headers["payment-signature"];
  const payment = typeof header === "string" ? fromBase64Json(header) : undefined;
  if (payment?.ok !== true || typeof payment.value !== "object" || payment.value === null) return undefined;
  const paymentPayload = payment.value;
  return "accepted" in paymentPayload
    ? { x402Version: 2, paymentPayload, paymentRequirements: paymentPayload.accepted }
    : undefined;
}
