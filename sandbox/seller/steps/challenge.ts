import type { Answer, Exchange, Offer } from "../exchange.ts";
import { declare } from "../extensions/index.ts";
import { isUpto } from "../payment-method.ts";
import { protocolsFor } from "../protocols.ts";

/** Asks an unpaid request for money. */
export async function challenge(exchange: Exchange, offer: Offer): Promise<Answer> {
  const answer = await paymentRequired(exchange, offer, "Payment required");
  return isBrowser(exchange) ? asPage(answer, offer) : answer;
}

/**
 * The 402 with its challenge in every version that the seller speaks and that knows how the route is paid; `error` says why (x402 v2 §5.1). v2's is in a
 * header and leaves the body to v1.
 */
export async function paymentRequired(exchange: Exchange, offer: Offer, error: string): Promise<Answer> {
  const extensions = await declare({ ...exchange, offer });
  const parts = protocolsFor(exchange).map((protocol) => protocol.writeChallenge(offer, error, extensions));
  const headers = Object.fromEntries(parts.flatMap((part) => Object.entries(part.headers)));
  return {
    status: 402,
    headers: { "content-type": "application/json", ...headers, "cache-control": "no-store" },
    body: parts.at(-1)?.body ?? "",
  };
}

function isBrowser({ request }: Exchange): boolean {
  const { accept, "user-agent": agent } = request.headers;
  return String(accept).includes("text/html") && String(agent).includes("Mozilla/");
}

/** For people; programs of v2 find the same challenge in the header. */
function asPage(answer: Answer, { requirements }: Offer): Answer {
  const { amount, asset, network } = requirements;
  const atMost = isUpto(requirements) ? "at most " : "";
  return {
    ...answer,
    headers: { ...answer.headers, "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html>
<html lang="en">
<title>402 Payment Required</title>
<h1>Payment required</h1>
<p>This resource costs ${atMost}${amount} atomic units of ${asset} on ${network}. Ask for it with an x402 client.</p>
</html>
`,
  };
}
