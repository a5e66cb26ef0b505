import { z } from "zod";
import { type FacilitatorMutant, type HonestAnswer, json } from "./mutant.ts";

const paymentSchema = z.object({
  payload: z.object({ signature: z.string() }),
  extensions: z
    .object({
      eip2612GasSponsoring: z
        .object({ info: z.object({ signature: z.string().optional() }).catch({}) })
        .optional(),
    })
    .default({}),
});

const requestSchema = z.object({ paymentPayload: paymentSchema });

/** The payment in a request, as far as mutants go by it; `undefined` where it cannot be read. */
export function paymentIn(request: unknown) {
  return requestSchema.safeParse(request).data?.paymentPayload;
}

/** The allowance in a request, filled or not. */
export function allowanceIn(request: unknown) {
  return paymentIn(request)?.extensions.eip2612GasSponsoring?.info;
}

/** The reference, which says yes to payments with an allowance that it refuses with one of these codes. */
export function takingSponsored(...codes: readonly string[]): FacilitatorMutant["build"] {
  return taking((request, code) => codes.includes(code) && allowanceIn(request)?.signature !== undefined);
}

/** The reference, which says yes to what it refuses, where `isTaken`. */
export function taking(isTaken: (request: unknown, code: string) => boolean): FacilitatorMutant["build"] {
  return (reached) => ({
    intercept: async ({ endpoint, request, network, proceed }) => {
      if (endpoint === "supported") return undefined;
      const honest: HonestAnswer = { ...(await proceed()) };
      const code = String(honest.invalidReason ?? honest.errorReason ?? "");
      if (!isTaken(request, code)) return json(200, honest);
      reached();
      if (endpoint === "verify") return json(200, { isValid: true });
      return json(200, { success: true, transaction: `0x${"9".repeat(64)}`, network });
    },
  });
}
