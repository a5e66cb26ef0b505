/** The door of `x402-assay/vitest`: the suites as tests in a user's own test file, with their Vitest. */
import { clientTests } from "./client.ts";
import { facilitatorTests } from "./facilitator.ts";
import { sellerTests } from "./seller.ts";

/** Registers a suite in the test file at hand; call it where `describe` may be called. */
export const conformance = {
  seller: sellerTests,
  client: clientTests,
  facilitator: facilitatorTests,
} as const;

export type { FetchLike, PayingFetchContext, PayingFetchMaker } from "../../subjects/client/index.ts";
export type { ClientSuiteOptions } from "./client.ts";
export type { FacilitatorEnvironment, FacilitatorSuiteOptions } from "./facilitator.ts";
export type { SellerEnvironment, SellerRequestTexts, SellerSuiteOptions } from "./seller.ts";
export type { Startable } from "./served.ts";
export type { SuiteOptions } from "./suite-options.ts";
