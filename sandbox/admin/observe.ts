import { z } from "zod";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { FaultBoard } from "../faults/index.ts";
import { addressSchema } from "../protocol/index.ts";
import type { Journal, JournalEntry } from "./journal.ts";

const payerOf = z.object({
  paymentPayload: z.object({ payload: z.object({ authorization: z.object({ from: addressSchema }) }) }),
});

/** Stands before the facilitator: lets faults bite, and writes down every call and its answer. */
export function observe(faults: FaultBoard, journal: Journal) {
  return async (call: FacilitatorCall): Promise<FacilitatorReply | undefined> => {
    const parsed = payerOf.safeParse(call.request);
    const payer = parsed.success ? parsed.data.paymentPayload.payload.authorization.from : undefined;
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
