/** The judge's own reading of the extensions; shares nothing with the sandbox's. */

export {
  type Artifact,
  offersIn,
  readSigned,
  type SignedReading,
  signedReceiptIn,
} from "./offer-receipt.ts";
export { echoOf, identifierIn, withIdentifier } from "./payment-identifier.ts";
export { readSignInOffer, signInText } from "./sign-in-with-x.ts";
