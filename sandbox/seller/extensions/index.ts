/** The door of the extensions: what a seller may offer beyond the sale itself, and how the steps call on it. */
export { bazaar } from "./bazaar.ts";
export { admit, declare, echoDifference, enrich, examine, sellOnce } from "./compose.ts";
export type { Admission, ExtensionEntry, SellerExtension } from "./extension.ts";
export { offerReceipt } from "./offer-receipt.ts";
export { paymentIdentifier } from "./payment-identifier.ts";
export { type SignInCheck, signInChecks } from "./sign-in-checks.ts";
export { signInWithX } from "./sign-in-with-x.ts";
