import { Finding, field, objectOf, Unproven } from "../../engine/index.ts";
import {
  type Case,
  challenge,
  charged,
  defineCase,
  expectField,
  facilitatorIn,
  provided,
  served,
  uptoEntryIn,
} from "../../engine/seller/index.ts";
import { unchargedPermitTwice } from "./permit-replay.ts";
import { buyEverything, soldByPermit } from "./permit-sale.ts";
import { permitCases } from "./permit2.ts";
import { uptoChargeCases } from "./upto-charges.ts";

const method = "upto";

const needs = [method] as const;

/** Header by which handlers of the official stacks say what is charged. */
const override = "settlement-overrides";

/** Sellers that charge what was used, up to what the buyer permits. */
export const uptoCases: readonly Case[] = [
  ...permitCases(method),
  defineCase({
    id: "seller.upto.challenge-names-the-facilitator",
    requirement: "S-CH-28",
    title: "upto: The challenge has `extra.name`, `extra.version` and `extra.facilitatorAddress`",
    needs,
    probe: async (t) =>
      t
        .ask(await t.permitRequest(method))
        .expect(
          challenge((asked) => {
            const entry = uptoEntryIn(asked);
            if (entry === undefined) throw new Unproven("The challenge has no entry of scheme upto.");
            const extra = objectOf(field(entry, "extra"));
            for (const key of ["name", "version"])
              expectField(extra, key, "a text", (value) => typeof value === "string" && value !== "");
            expectField(
              extra,
              "facilitatorAddress",
              "an EVM address",
              () => facilitatorIn(entry) !== undefined,
            );
          }),
        )
        .done(),
  }),
  ...uptoChargeCases,
  unchargedPermitTwice,
  defineCase({
    id: "seller.upto.override-stays-inside",
    requirement: "S-ORD-20",
    title: "upto: The header by which a handler says what is charged does not reach the buyer",
    needs,
    control: soldByPermit(method),
    probe: (t) =>
      buyEverything(t, method, provided(served), provided(charged), ({ answer }) => {
        if (answer.headers[override] === undefined) return;
        throw new Finding(
          "The buyer sees what the handler told the seller.",
          `no header ${override}`,
          answer.headers[override],
        );
      }),
  }),
];
