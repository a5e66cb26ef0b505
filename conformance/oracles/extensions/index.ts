/** The judge's own reading of the extensions; shares nothing with the sandbox's. */
export { echoOf, identifierIn, withIdentifier } from "./payment-identifier.ts";
