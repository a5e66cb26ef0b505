import {
  accepted,
  type Case,
  defineCase,
  httpStatus,
  type Merchant,
  moved,
  type ReplyCheck,
  replies,
  survived,
  told,
  truthful,
} from "../../engine/facilitator/index.ts";
import {
  decodeBase64Text,
  describeJson,
  Finding,
  field,
  isJsonObject,
  type Json,
  NotApplicable,
  objectOf,
  parseJson,
} from "../../engine/index.ts";
import {
  allItems,
  declaring,
  httpDeclaration,
  isListedAt,
  listsWhatIsPaidFor,
  mcpDeclaration,
  named,
  placeOf,
  renamedTo,
  unlisted,
} from "./declarations.ts";

/** Resources that can be bought, and the extensions of a payment. */
export const discoveryCases: readonly Case[] = [
  defineCase({
    id: "facilitator.discovery.items",
    requirement: "F-DS-02",
    title: "Every listed resource says where it is, of what type and version, how it is paid, and since when",
    needs: ["discovery"],
    probe: async (t) => {
      await t.settle(declaring(placeOf(t, "items"), httpDeclaration())).done();
      await t
        .get("/discovery/resources")
        .expect(
          httpStatus(200),
          replies("x402Version", "a number", isNumber),
          replies("items", "an array of {resource, type, x402Version, accepts, lastUpdated}", areResources),
        )
        .done();
    },
  }),
  defineCase({
    id: "facilitator.discovery.page-unless-told",
    requirement: "F-DS-01",
    title: "Without limit and offset, a page has up to 20 resources, from the first on",
    needs: ["discovery"],
    probe: (t) => t.get("/discovery/resources").expect(httpStatus(200), isPage({ limit: 20, offset: 0 })),
  }),
  defineCase({
    id: "facilitator.discovery.page-as-told",
    requirement: "F-DS-01",
    title: "A page tells the limit and the offset that were asked for",
    needs: ["discovery"],
    probe: (t) =>
      t.get("/discovery/resources?limit=1&offset=1").expect(httpStatus(200), isPage({ limit: 1, offset: 1 })),
  }),
  defineCase({
    id: "facilitator.discovery.page-limits",
    requirement: "F-DS-01",
    title: "A limit that is not from 1 to 100, or an offset below 0, is refused or brought into bounds",
    needs: ["discovery"],
    control: (t) => t.get("/discovery/resources?limit=100").expect(isPage({ limit: 100, offset: 0 })),
    probe: async (t) => {
      for (const query of ["limit=0", "limit=101", "limit=-1", "limit=many", "offset=-1"])
        await t.get(`/discovery/resources?${query}`).expect(survived, staysInBounds).done();
    },
  }),
  defineCase({
    id: "facilitator.bazaar.info-against-its-schema",
    requirement: "F-BZ-01",
    title: "What does not match the schema that it came with is not listed",
    needs: ["bazaar"],
    control: (t) => listsWhatIsPaidFor(t, "matching", httpDeclaration()),
    probe: async (t) => {
      const place = placeOf(t, "mismatched");
      const mismatched = httpDeclaration({ schema: { required: ["input", "output"] } });
      await t.settle(declaring(place, mismatched)).expect(accepted, moved(1)).done();
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
          .expect(accepted, moved(1))
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
  defineCase({
    id: "facilitator.identifier.one-payment-two-names",
    requirement: "F-ID-01",
    title: "A payment that was settled is not settled again under another payment-identifier",
    control: (t) => t.settle(named("first")).expect(accepted, moved(1)),
    probe: async (t) => {
      const { body, ...order } = await t.order(named("second"));
      await t
        .present("settle", { body, ...order })
        .expect(accepted, moved(1))
        .done();
      const renamed = renamedTo("third", objectOf(body));
      await t
        .present("settle", { ...order, body: renamed })
        .expect(survived, truthful(t), moved(0))
        .done();
    },
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

/** Templates that lead out of the seller's routes, plainly or hidden. */
const strayTemplates: Readonly<Record<string, string>> = {
  traversal: "/stray/../admin",
  encoded: "/stray/%2e%2e/admin",
  twice: "/stray/%252e%252e/admin",
  url: "/stray%3A%2F%2Felsewhere.example",
  query: "/stray?admin=1",
};

async function noItemAt(t: Merchant, templates: readonly string[]): Promise<void> {
  const resources = (await allItems(t)).map((item) => String(field(item, "resource")));
  const stray = resources.find((resource) => templates.some((template) => resource.endsWith(template)));
  if (stray === undefined) return;
  throw new Finding("A route template is believed that leads elsewhere.", "the URL that was paid for", stray);
}

function isPage({ limit, offset }: { limit: number; offset: number }): ReplyCheck {
  return ({ json }) => {
    const pagination = field(json, "pagination");
    const items = field(json, "items");
    const holds =
      field(pagination, "limit") === limit &&
      field(pagination, "offset") === offset &&
      Number.isInteger(field(pagination, "total")) &&
      Array.isArray(items) &&
      items.length <= limit;
    if (holds) return;
    throw new Finding(
      "The page is not the one that was asked for.",
      `pagination {limit: ${limit}, offset: ${offset}, total}, and no more items than that`,
      `pagination ${describeJson(pagination)}, ${Array.isArray(items) ? items.length : "no"} items`,
    );
  };
}

const staysInBounds: ReplyCheck = (reply) => {
  if (reply.answer.status >= 400) return;
  const limit = Number(field(field(reply.json, "pagination"), "limit"));
  const offset = Number(field(field(reply.json, "pagination"), "offset"));
  if (limit >= 1 && limit <= 100 && offset >= 0) return;
  throw new Finding(
    "A page has other bounds than a page may have.",
    "a 4xx, or limit from 1 to 100 and offset from 0",
    told(reply),
  );
};

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

function areResources(items: Json | undefined): boolean {
  if (!Array.isArray(items)) return false;
  if (items.length === 0) throw new NotApplicable("The catalogue is empty.");
  return items.every(
    (item) =>
      URL.canParse(String(field(item, "resource"))) &&
      isText(field(item, "type")) &&
      isNumber(field(item, "x402Version")) &&
      areTerms(field(item, "accepts")) &&
      isTime(field(item, "lastUpdated")),
  );
}

function areTerms(accepts: Json | undefined): boolean {
  return (
    Array.isArray(accepts) &&
    accepts.length > 0 &&
    accepts.every((terms) => isText(field(terms, "scheme")) && isText(field(terms, "network")))
  );
}

/** A number in the specification; newer implementations write an ISO 8601 string. */
function isTime(value: Json | undefined): boolean {
  return isNumber(value) || (typeof value === "string" && !Number.isNaN(Date.parse(value)));
}

function isNumber(value: Json | undefined): boolean {
  return typeof value === "number";
}

function isText(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}
