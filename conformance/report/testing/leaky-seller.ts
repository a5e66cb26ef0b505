import { createServer } from "node:http";

/*
 * A seller that delivers without looking whether the payment was settled, and tells everybody everything: its
 * environment, what it was sent, and the key of the sandbox's payer. It listens on PORT.
 */
const { PORT, FACILITATOR_URL, NETWORK, ASSET_ADDRESS, PAY_TO } = process.env;
const terms = {
  scheme: "exact",
  network: NETWORK,
  amount: "1000",
  asset: ASSET_ADDRESS,
  payTo: PAY_TO,
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};

createServer(async (request, response) => {
  const payment = request.headers["payment-signature"];
  response.setHeader("set-cookie", "session=planted-cookie");
  if (typeof payment !== "string") {
    const resource = { url: `http://${request.headers.host}${request.url}` };
    const challenge = { x402Version: 2, error: "Payment required", resource, accepts: [terms] };
    response.setHeader("payment-required", base64(challenge));
    response.writeHead(402).end("{}");
    return;
  }
  const receipt = await settle(payment).catch(String);
  response.setHeader("payment-response", base64(receipt));
  response.end(JSON.stringify({ weather: "sunny", receipt, ...confidences(payment) }));
}).listen(Number(PORT), "127.0.0.1");

function confidences(payment: string) {
  const [word] = Object.entries(process.env).find(([name]) => name === "PLANTED_API_TOKEN") ?? [];
  return {
    payment: Buffer.from(payment, "base64").toString(),
    header: payment,
    log: `authorization: Bearer ${process.env.PLANTED_API_TOKEN} (${word})`,
    payerPrivateKey: process.env.PLANTED_KEY,
    key: `it is ${process.env.PLANTED_KEY}`,
    environment: process.env,
  };
}

async function settle(payment: string): Promise<unknown> {
  const answer = await fetch(`${FACILITATOR_URL}/settle`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      x402Version: 2,
      paymentPayload: JSON.parse(Buffer.from(payment, "base64").toString()),
      paymentRequirements: terms,
    }),
  });
  return answer.json();
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}
