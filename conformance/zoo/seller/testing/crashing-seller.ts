/** The reference seller, as a program that ends when it is sent a payment header that cannot be read. */
import { z } from "zod";
import { addressSchema, networkSchema, sellerSteps, startSeller, usdcDomain } from "#sandbox";

const environment = z
  .object({
    FACILITATOR_URL: z.url(),
    PAY_TO: addressSchema,
    NETWORK: networkSchema,
    ASSET_ADDRESS: addressSchema,
    PORT: z.coerce.number(),
  })
  .parse(process.env);

await startSeller({
  facilitatorUrl: environment.FACILITATOR_URL,
  payTo: environment.PAY_TO,
  network: environment.NETWORK,
  asset: environment.ASSET_ADDRESS,
  port: environment.PORT,
  domain: usdcDomain,
  steps: {
    ...sellerSteps,
    decode: async (exchange) => {
      const decoded = await sellerSteps.decode(exchange);
      if (decoded.kind !== "refused") return decoded;
      console.error("what is this?");
      process.exit(7);
    },
  },
});
