import { z } from "zod";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { FaultBoard } from "../faults/index.ts";
import { addressSchema } from "../protocol/index.ts";
import type { Journal, JournalEntry } from "./journal.ts";

const signedSchema = z.object({ from: addressSchema });

/** By EIP-3009, or by Permit2. */
const callSchema = z.object({
  paymentPayload: z.object({
    payload: z.union([
      z.object({ authorization: signedSchema }),
      z.object({ permit2Authorization: signedSchema }),
    ]),
  }),
});

/** Stands before the facilitator: lets faults bite, and writes down every call and its answer. */
export function observe(faults: FaultBoard, journal: Journal) {
  return async (call: FacilitatorCall): Promise<FacilitatorReply | undefined> => {
    const payer = payerIn(call.request);
    const fault = faults.takeCall(call.endpoint, payer);
    const { endpoint, request } = call;
    const startedAt = performance.timeOrigin + performance.now();
    const record = (answered: Pick<JournalEntry, "response" | "fault">) => {
      const durationMs = performance.timeOrigin + performance.now() - startedAt;
      journal.recordExchange({ endpoint, startedAt, durationMs, payer, request, ...answered });
    };
    if (fault === undefined) {
      const body = await call.proceed();
      record({ response: body });
      return { kind: "answer", status: 200, contentType: "application/json", body: JSON.stringify(body) };
    }
    const { name, reply: misbehave, bite } = fault;
    const reply = await misbehave(call, bite);
    const response = reply.kind === "answer" ? reply : { kind: reply.kind };
    record({ response, fault: name });
    return reply;
  };
}

function payerIn(request: unknown) {
  const parsed = callSchema.safeParse(request);
  if (!parsed.success) return undefined;
  const { payload } = parsed.data.paymentPayload;
  return "authorization" in payload ? payload.authorization.from : payload.permit2Authorization.from;
}
