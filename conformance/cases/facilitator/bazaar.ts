import {
  accepted,
  type Case,
  defineCase,
  type Merchant,
  moved,
  type ReplyCheck,
  told,
} from "../../engine/facilitator/index.ts";
import {
  decodeBase64Text,
  describeJson,
  Finding,
  field,
  isJsonObject,
  type Json,
  NotApplicable,
  parseJson,
} from "../../engine/index.ts";
import {
  allItems,
  declaring,
  httpDeclaration,
  isListedAt,
  listsWhatIsPaidFor,
  mcpDeclaration,
  placeOf,
  unlisted,
} from "./declarations.ts";

/** What a facilitator makes of a seller's declaration, which comes by way of the buyer (bazaar). */
export const bazaarCases: readonly Case[] = [
  defineCase({
    id: "facilitator.bazaar.info-against-its-schema",
    requirement: "F-BZ-01",
    title: "What does not match the schema that it came with is not listed",
    needs: ["bazaar"],
    control: (t) => listsWhatIsPaidFor(t, "matching", httpDeclaration()),
    probe: async (t) => {
      const place = placeOf(t, "mismatched");
      const mismatched = httpDeclaration({ schema: { required: ["input", "output"] } });
      // Whether it is settled is a rule of its own.
      await t.settle(declaring(place, mismatched)).done();
      await unlisted(t, place);
    },
  }),
  defineCase({
    id: "facilitator.bazaar.payment-stands",
    requirement: "F-BZ-04",
    title: "A declaration that cannot be listed does not keep its payment from being settled",
    needs: ["bazaar"],
    control: (t) => listsWhatIsPaidFor(t, "honest", httpDeclaration()),
    probe: async (t) => {
      for (const [name, declaration] of Object.entries(unusable))
        await t
          .settle(declaring(placeOf(t, name), declaration))
          .expect(settledDespite(declaration), moved(1))
          .done();
    },
  }),
  defineCase({
    id: "facilitator.bazaar.route-template",
    requirement: "F-BZ-02",
    title: "A resource whose route template leads elsewhere is listed where it was bought",
    needs: ["bazaar"],
    control: async (t) => {
      const place = placeOf(t, "users/7");
      const routeTemplate = new URL(placeOf(t, "users/:id")).pathname;
      await t
        .settle(declaring(place, httpDeclaration({ routeTemplate })))
        .expect(accepted, moved(1))
        .done();
      await isListedAt(t, placeOf(t, "users/:id"));
    },
    probe: async (t) => {
      for (const [name, routeTemplate] of Object.entries(strayTemplates)) {
        const place = placeOf(t, name);
        const declaration = httpDeclaration({ routeTemplate });
        await t.settle(declaring(place, declaration)).expect(accepted, moved(1)).done();
        await isListedAt(t, place);
      }
      await noItemAt(t, Object.values(strayTemplates));
    },
  }),
  defineCase({
    id: "facilitator.bazaar.tools-of-one-server",
    requirement: "F-BZ-03",
    title: "Two tools of one MCP server are two entries, although they share a URL",
    needs: ["bazaar"],
    control: (t) => listsWhatIsPaidFor(t, "mcp/one", mcpDeclaration("add")),
    probe: async (t) => {
      const place = placeOf(t, "mcp/two");
      for (const tool of ["add", "subtract"])
        await t
          .settle(declaring(place, mcpDeclaration(tool)))
          .expect(accepted, moved(1))
          .done();
      await isListedAt(t, place, 2);
    },
  }),
  defineCase({
    id: "facilitator.bazaar.extension-responses",
    requirement: "F-API-20",
    title: "EXTENSION-RESPONSES is base64 JSON with a status for each extension",
    needs: ["bazaar"],
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) => t.settle(declaring(placeOf(t, "told"), httpDeclaration())).expect(accepted, tellsOutcomes),
  }),
];

/** Declarations of which nothing can be made. */
const unusable: Readonly<Record<string, Json>> = {
  null: null,
  text: "bazaar",
  "without-input": { info: {}, schema: {} },
  "unknown-type": httpDeclaration({ info: { input: { type: "carrier-pigeon" } } }),
  "broken-schema": httpDeclaration({ schema: { type: "no such type" } }),
};

function settledDespite(declaration: Json): ReplyCheck {
  return async (reply) => {
    if (field(reply.json, "success") === true) return;
    const hasMoved = (await reply.transfers()).length > 0;
    throw new Finding(
      `An honest payment fails because of the declaration beside it${hasMoved ? ", and its money has moved" : ""}.`,
      "success: true, whatever becomes of the declaration",
      `${told(reply)}, with bazaar ${describeJson(declaration)}`,
    );
  };
}

/** Templates that lead out of the seller's routes, plainly or hidden. */
const strayTemplates: Readonly<Record<string, string>> = {
  traversal: "/stray/../admin",
  encoded: "/stray/%2e%2e/admin",
  url: "/stray%3A%2F%2Felsewhere.example",
  query: "/stray?admin=1",
};

async function noItemAt(t: Merchant, templates: readonly string[]): Promise<void> {
  const resources = (await allItems(t)).map((item) => String(field(item, "resource")));
  const stray = resources.find((resource) => templates.some((template) => resource.endsWith(template)));
  if (stray === undefined) return;
  throw new Finding("A route template is believed that leads elsewhere.", "the URL that was paid for", stray);
}

const statuses = ["success", "processing", "rejected"];

const tellsOutcomes: ReplyCheck = ({ answer }) => {
  const header = answer.headers["extension-responses"];
  if (header === undefined)
    throw new NotApplicable("It sends no EXTENSION-RESPONSES, which it may leave out.");
  const decoded = decodeBase64Text(header);
  const outcomes = decoded.kind === "text" ? parseJson(decoded.text) : undefined;
  const isOutcome = (outcome: Json) => statuses.includes(String(field(outcome, "status")));
  if (isJsonObject(outcomes) && Object.values(outcomes).every(isOutcome)) return;
  throw new Finding(
    "EXTENSION-RESPONSES does not say what became of the extensions.",
    `base64 of {"bazaar": {"status": ${statuses.join(" | ")}}}`,
    decoded.kind === "text" ? decoded.text : decoded.why,
  );
};
