import { x402V2 } from "../../protocol/index.ts";
import type { Answer, Exchange, Offer } from "../exchange.ts";

/** Asks an unpaid request for money. */
export function challenge(exchange: Exchange, offer: Offer): Answer {
  const answer = paymentRequired(offer, "Payment required");
  return isBrowser(exchange) ? asPage(answer, offer) : answer;
}

/** The 402 with its challenge; `error` says why (x402 v2 §5.1). */
export function paymentRequired({ resource, requirements }: Offer, error: string): Answer {
  const { headers, body } = x402V2.writeChallenge({
    x402Version: 2,
    error,
    resource,
    accepts: [requirements],
  });
  return {
    status: 402,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
    body,
  };
}

function isBrowser({ request }: Exchange): boolean {
  const { accept, "user-agent": agent } = request.headers;
  return String(accept).includes("text/html") && String(agent).includes("Mozilla/");
}

/** For people; programs find the same challenge in the header. */
function asPage(answer: Answer, { requirements }: Offer): Answer {
  const { amount, asset, network } = requirements;
  return {
    ...answer,
    headers: { ...answer.headers, "content-type": "text/html; charset=utf-8" },
    body: `<!doctype html>
<html lang="en">
<title>402 Payment Required</title>
<h1>Payment required</h1>
<p>This resource costs ${amount} atomic units of ${asset} on ${network}. Ask for it with an x402 client.</p>
</html>
`,
  };
}
