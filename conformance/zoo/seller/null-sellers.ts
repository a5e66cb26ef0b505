import { toBase64Json } from "#sandbox";
import type { Front } from "../../subjects/index.ts";

/** A server without a brain: it does the same to every request, and must earn no pass at all. */
export interface NullSeller {
  readonly id: string;
  readonly answer: Front;
}

const url = "http://127.0.0.1/weather?city=Berlin";
const entry = {
  scheme: "exact",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  payTo: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};

/** Challenges that look right, from a server that sells nothing. */
const challenge = challengeFor(entry);
const challengeForPermits = challengeFor({
  ...entry,
  extra: { ...entry.extra, assetTransferMethod: "permit2" },
});
const challengeForUpto = challengeFor({
  ...entry,
  scheme: "upto",
  extra: { ...entry.extra, facilitatorAddress: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" },
});
const challengeV1 = JSON.stringify({
  x402Version: 1,
  error: "Payment required",
  accepts: [
    { ...entry, network: "base-sepolia", maxAmountRequired: "1000", resource: url, description: "Weather" },
  ],
});

export const nullSellers: readonly NullSeller[] = [
  ...[200, 400, 402, 404, 500].map((status) => ({
    id: `always-${status}`,
    answer: ((_request, response) => response.writeHead(status).end("{}")) satisfies Front,
  })),
  asking("always-a-good-402", challenge, challengeV1),
  asking("always-a-good-402-for-permits", challengeForPermits),
  asking("always-a-good-402-for-upto", challengeForUpto),
  { id: "always-hangs-up", answer: (request) => request.socket.destroy() },
  {
    id: "echo",
    answer: (request, response) => {
      response.writeHead(200, { "content-type": request.headers["content-type"] ?? "text/plain" });
      request.pipe(response);
    },
  },
];

function challengeFor(terms: object): string {
  return toBase64Json({
    x402Version: 2,
    error: "Payment required",
    resource: { url },
    accepts: [{ ...terms, network: "eip155:84532", amount: "1000" }],
  });
}

function asking(id: string, required: string, body = "{}"): NullSeller {
  return {
    id,
    answer: (_request, response) => response.writeHead(402, { "payment-required": required }).end(body),
  };
}
