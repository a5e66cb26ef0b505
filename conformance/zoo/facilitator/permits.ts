import { z } from "zod";

const permitSchema = z.object({
  paymentPayload: z.object({
    payload: z.object({
      permit2Authorization: z.object({
        nonce: z.string(),
        permitted: z.object({ token: z.string(), amount: z.string() }),
        witness: z.object({ to: z.string() }),
      }),
    }),
  }),
});

/** The permit in a request, as far as mutants go by it; `undefined` where it has none that can be read. */
export function permitIn(request: unknown) {
  return permitSchema.safeParse(request).data?.paymentPayload.payload.permit2Authorization;
}
