import Fastify, { type FastifyReply } from "fastify";

/** What a scripted facilitator was asked. */
export interface ScriptedCall {
  readonly endpoint: "verify" | "settle";
  readonly body: { paymentPayload: { accepted: unknown }; paymentRequirements: Record<string, unknown> };
}

/** Answers one call; returning `reply` after `reply.hijack()` leaves the answer to the script. */
export type Script = (reply: FastifyReply, call: ScriptedCall) => unknown;

export const transaction = `0x${"ab".repeat(32)}`;

/** Answers of a facilitator that means well. */
export const valid: Script = () => ({ isValid: true });
export const settled: Script = () => ({ success: true, transaction, network: "eip155:84532" });
export const failed: Script = () => ({
  success: false,
  errorReason: "insufficient_funds",
  transaction: "",
  network: "eip155:84532",
});
export const pending: Script = () => ({
  success: false,
  errorReason: "settlement_pending",
  transaction,
  network: "eip155:84532",
});

/** A facilitator that answers what the test says: each call takes the next script, the last one stays. */
export async function scriptedFacilitator(scripts: { verify?: Script[]; settle?: Script[] } = {}) {
  const app = Fastify({ forceCloseConnections: true });
  const calls: ScriptedCall[] = [];
  const left = { verify: [...(scripts.verify ?? [valid])], settle: [...(scripts.settle ?? [settled])] };
  for (const endpoint of ["verify", "settle"] as const) {
    app.post<{ Body: ScriptedCall["body"] }>(`/${endpoint}`, async (request, reply) => {
      const call = { endpoint, body: request.body };
      calls.push(call);
      const script = left[endpoint].length > 1 ? left[endpoint].shift() : left[endpoint][0];
      return script?.(reply, call);
    });
  }
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    calls,
    count: (endpoint: ScriptedCall["endpoint"]) => calls.filter((call) => call.endpoint === endpoint).length,
    stop: () => app.close(),
  };
}
