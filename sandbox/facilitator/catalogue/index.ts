/** The door of the catalogue: resources that were paid for, as their sellers declared them (bazaar, x402 v2 §8). */
export { advertise } from "./advertise.ts";
export { type Catalogue, openCatalogue } from "./catalogue.ts";
export { type CatalogueRules, catalogueRules } from "./rules.ts";
