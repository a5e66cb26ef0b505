import { describing, type Mutant } from "../mutant.ts";

/** Sellers that describe themselves for catalogues, and do it wrong. */
export const bazaarMutants: readonly Mutant[] = [
  describing("bazaar", {
    id: "bazaar-breaks-its-schema",
    breaks: "Names a method that its own schema does not allow.",
    caughtBy: ["seller.bazaar.info-fits-its-schema", "seller.challenge.extensions-hold-their-schema"],
    change: ({ info, ...entry }) => ({
      ...entry,
      info: { ...info, input: { type: "http", method: "FETCH" } },
    }),
  }),
  describing("bazaar", {
    id: "bazaar-without-input",
    breaks: "Is in the catalogue, but does not say how it is called.",
    caughtBy: ["seller.bazaar.says-how-to-call"],
    change: () => ({ info: { output: { type: "json" } }, schema: { type: "object" } }),
  }),
  describing("bazaar", {
    id: "bazaar-schema-without-input",
    breaks: "Says how it is called, but its schema does not.",
    caughtBy: ["seller.bazaar.says-how-to-call"],
    change: ({ info }) => ({ info, schema: { type: "object" } }),
  }),
];
