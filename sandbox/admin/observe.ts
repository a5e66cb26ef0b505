import type { Address } from "viem";
import { z } from "zod";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { FaultBoard } from "../faults/index.ts";
import type { Journal } from "./journal.ts";

const payerOf = z.object({
  paymentPayload: z.object({ payload: z.object({ authorization: z.object({ from: z.custom<Address>() }) }) }),
});

/** Stands before the facilitator: lets faults bite, and writes down every call and its answer. */
export function observe(faults: FaultBoard, journal: Journal) {
  return async (call: FacilitatorCall): Promise<FacilitatorReply | undefined> => {
    const parsed = payerOf.safeParse(call.request);
    const payer = parsed.success ? parsed.data.paymentPayload.payload.authorization.from : undefined;
    const fault = faults.take(call.endpoint, payer);
    const { endpoint, request } = call;
    if (fault === undefined) {
      const body = await call.proceed();
      journal.recordExchange({ endpoint, payer, request, response: body });
      return { kind: "answer", status: 200, contentType: "application/json", body: JSON.stringify(body) };
    }
    const reply = await fault.reply(call);
    journal.recordExchange({ endpoint, payer, request, response: reply, fault: fault.effect });
    return reply;
  };
}
