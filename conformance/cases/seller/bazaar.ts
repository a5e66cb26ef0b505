import {
  describeJson,
  Finding,
  field,
  holdAgainstSchema,
  isJsonObject,
  Unproven,
} from "../../engine/index.ts";
import { type Case, defineCase } from "../../engine/seller/index.ts";
import { offeredExtension } from "./extension-offers.ts";

/** How a resource is described for catalogues (extension bazaar), by sellers that offer it. */
export const bazaarCases: readonly Case[] = [
  defineCase({
    id: "seller.bazaar.info-fits-its-schema",
    requirement: "S-EXT-11",
    title: "What bazaar says of the resource is valid by its own schema, JSON Schema 2020-12",
    probe: async (t) => {
      const { info, schema } = await offeredExtension(t, "bazaar");
      if (info === undefined || !isJsonObject(schema)) throw new Unproven("It has no info, or no schema.");
      const verdict = holdAgainstSchema(schema, info);
      if (verdict.kind === "holds") return;
      const actual =
        verdict.kind === "broken"
          ? `info${verdict.where} ${verdict.complaint}`
          : `the schema cannot be used: ${verdict.why}`;
      throw new Finding("bazaar's info is not valid by its schema.", "info as its schema has it", actual);
    },
  }),
  defineCase({
    id: "seller.bazaar.says-how-to-call",
    requirement: "S-EXT-11",
    title: "bazaar says in `input` how the resource is called, and its schema defines it",
    probe: async (t) => {
      const { info, schema } = await offeredExtension(t, "bazaar");
      const input = field(info, "input");
      if (!isJsonObject(input)) {
        throw new Finding(
          "bazaar does not say how to call it.",
          "info.input: an object",
          describeJson(input),
        );
      }
      if (field(field(schema, "properties"), "input") !== undefined) return;
      throw new Finding(
        "bazaar's schema does not define `input`.",
        "schema.properties.input",
        describeJson(schema),
      );
    },
  }),
];
