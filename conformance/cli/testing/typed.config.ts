import { defineConfig } from "x402-assay/config";

/** A configuration as a user's project has it. */
export default defineConfig({ only: ["seller.replay.same-payment-twice"], seed: "typed" });
