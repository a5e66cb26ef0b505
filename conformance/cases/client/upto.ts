import {
  type Case,
  delivers,
  everyPermit,
  providedItPays,
  showed,
  signedNothing,
  signedOnce,
  stopped,
} from "../../engine/client/index.ts";
import { Finding, type JsonObject } from "../../engine/index.ts";
import { extraOf, nobody } from "./decoys.ts";
import { permitMishapCases } from "./permit-mishaps.ts";
import { permitTermsCases } from "./permit-terms.ts";
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
    conduct: { asks: { entry: settledBy(nobody) } },
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
      conduct: { asks: { entry: settledBy(facilitatorAddress) } },
      checks: [signedNothing],
    }),
  ),
  permitCase("upto", {
    id: "facilitator-of-the-entry",
    requirement: "C-PAY-18",
    title: "can be settled by the facilitator of its own entry, also when one before names another",
    conduct: { asks: { accepts: (entry) => [elsewhere(settledBy(nobody)(entry)), entry] } },
    checks: [
      providedItPays,
      everyPermit(({ witness }, { facilitator }) => isFacilitator(facilitator, witness.facilitator)),
    ],
  }),
  ...permitTermsCases("upto"),
  ...permitMishapCases("upto"),
  permitCase("upto", {
    id: "charged-nothing",
    requirement: "C-PAY-20",
    title: "of which nothing is taken in the end is not followed by another one",
    conduct: { answers: [delivers({ free: true })] },
    checks: [signedOnce, stopped],
  }),
  permitCase("upto", {
    id: "charged-nothing-reaches-the-caller",
    requirement: "C-SET-01",
    title: "of which nothing is taken in the end buys what it was for",
    needs: ["shows-content"],
    conduct: { answers: [delivers({ free: true })] },
    checks: [providedItPays, showed("the content", ({ code }) => code)],
  }),
  ...allowanceCases("upto"),
];

/** The same offer on a chain of a kind that has no permits. */
function elsewhere(entry: JsonObject): JsonObject {
  return { ...entry, network: "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1" };
}

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
  throw new Finding("The facilitator of the entry cannot settle it.", expected, actual ?? "none");
}
