/** The door of `init`: finds out about a running seller and writes a configuration that explains itself. */
export { type Findings, lookAt, type PaidRequest } from "./look.ts";
export { type Place, placeFor } from "./place.ts";
export { render } from "./render.ts";
export { configOf, type Setting, type Settings, settingsFor } from "./settings.ts";
