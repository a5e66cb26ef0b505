import { type Case, everyPermit, providedItPays, signedNothing } from "../../engine/client/index.ts";
import { Finding, type JsonObject } from "../../engine/index.ts";
import { extraOf, nobody } from "./decoys.ts";
import { allowanceCases } from "./permit2.ts";
import { formCase, permitCase, permitCases } from "./permits.ts";

/** Clients that pay `upto`: they permit a maximum, of which the seller's facilitator takes what was used. */
export const uptoCases: readonly Case[] = [
  ...permitCases("upto"),
  formCase("upto", {
    id: "facilitator",
    requirement: "C-PAY-18",
    title: "can be settled by the facilitator of the entry",
    check: everyPermit(({ witness }, { facilitator }) => isFacilitator(facilitator, witness.facilitator)),
  }),
  permitCase("upto", {
    id: "another-facilitator",
    requirement: "C-PAY-18",
    title: "can be settled by the facilitator of its own entry, when the one before named another",
    entry: settledBy(nobody),
    checks: [providedItPays, everyPermit(({ witness }) => isFacilitator(nobody, witness.facilitator))],
  }),
  ...[
    { id: "without-facilitator", what: "no facilitator", facilitatorAddress: undefined },
    {
      id: "facilitator-is-no-address",
      what: "a facilitator that is no address",
      facilitatorAddress: "0x402",
    },
  ].map(({ id, what, facilitatorAddress }) =>
    permitCase("upto", {
      id,
      requirement: "C-PAY-18",
      title: `is not signed for an entry with ${what}`,
      entry: settledBy(facilitatorAddress),
      checks: [signedNothing],
    }),
  ),
  ...allowanceCases("upto"),
];

function settledBy(facilitatorAddress: string | undefined): (entry: JsonObject) => JsonObject {
  return (entry) => {
    const { facilitatorAddress: _, ...extra } = extraOf(entry);
    return {
      ...entry,
      extra: facilitatorAddress === undefined ? extra : { ...extra, facilitatorAddress },
    };
  };
}

function isFacilitator(expected: string, actual: string | undefined): void {
  if (actual?.toLowerCase() === expected.toLowerCase()) return;
  throw new Finding("Another facilitator could settle it.", expected, actual ?? "none");
}
