import { z } from "zod";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { FaultBoard } from "../faults/index.ts";
import { addressSchema } from "../protocol/index.ts";
import type { Journal } from "./journal.ts";

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
    if (fault === undefined) {
      const body = await call.proceed();
      journal.recordExchange({ endpoint, payer, request, response: body });
      return { kind: "answer", status: 200, contentType: "application/json", body: JSON.stringify(body) };
    }
    const { name, reply: misbehave, bite } = fault;
    const reply = await misbehave(call, bite);
    const response = reply.kind === "answer" ? reply : { kind: reply.kind };
    journal.recordExchange({ endpoint, payer, request, response, fault: name });
    return reply;
  };
}
