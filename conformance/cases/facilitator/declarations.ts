import { accepted, type Merchant, moved, type OrderChange } from "../../engine/facilitator/index.ts";
import { Finding, field, type Json, type JsonObject } from "../../engine/index.ts";

/** Most resources that a page has. */
const pageSize = 100;

/** Most pages of a catalogue that a case reads. */
const mostPages = 100;

/** Where a resource of this case would be bought; no other case has it. */
export function placeOf(t: Merchant, name: string): string {
  return `https://conformance.example/${t.payer.address.toLowerCase()}/${name}`;
}

/** A declaration of the bazaar extension that nothing is wrong with, but for what is given. */
export function httpDeclaration(change: JsonObject = {}): JsonObject {
  const input = { type: "http", method: "GET" };
  return { ...declarationOf(input, { type: { const: "http" }, method: { enum: ["GET"] } }), ...change };
}

/** A tool of an MCP server. */
export function mcpDeclaration(toolName: string): JsonObject {
  const input = { type: "mcp", toolName, inputSchema: { type: "object" } };
  const inputSchema = { type: "object" };
  return declarationOf(input, { type: { const: "mcp" }, toolName: { type: "string" }, inputSchema });
}

/** An input, and the schema that says so: each of its properties is required. */
function declarationOf(input: JsonObject, properties: JsonObject): JsonObject {
  return {
    info: { input },
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { input: { type: "object", properties, required: Object.keys(properties) } },
      required: ["input"],
    },
  };
}

/** An order for a resource at `place`, with what its seller declares of it, as the buyer sends it back. */
export function declaring(place: string, declaration: Json): OrderChange {
  return {
    paymentPayload: (payment) => ({
      ...payment,
      resource: { url: place, description: "A resource of a conformance run." },
      extensions: { bazaar: declaration },
    }),
  };
}

/** Settles an honest payment for a resource, and finds it in the catalogue. */
export async function listsWhatIsPaidFor(t: Merchant, name: string, declaration: Json): Promise<void> {
  const place = placeOf(t, name);
  await t.settle(declaring(place, declaration)).expect(accepted, moved(1)).done();
  await isListedAt(t, place);
}

/**
 * The catalogue has so many entries at a place.
 *
 * @throws Finding
 */
export async function isListedAt(t: Merchant, place: string, count = 1): Promise<void> {
  const found = (await allItems(t)).filter((item) => field(item, "resource") === place);
  if (found.length === count) return;
  throw new Finding(
    "The catalogue has not what was paid for and declared.",
    `${count} at ${place}`,
    `${found.length}`,
  );
}

/**
 * The catalogue has nothing at a place.
 *
 * @throws Finding
 */
export async function unlisted(t: Merchant, place: string): Promise<void> {
  const found = (await allItems(t)).filter((item) => field(item, "resource") === place);
  if (found.length === 0) return;
  throw new Finding("The catalogue has what must not be listed.", `nothing at ${place}`, `${found.length}`);
}

/** The whole catalogue, page by page; of the run's payee only where the facilitator can tell it from others. */
export async function allItems(t: Merchant): Promise<readonly Json[]> {
  const { address } = t.context.sandbox.accounts.seller;
  const all: Json[] = [];
  for (let page = 0; page < mostPages; page++) {
    const query = `payTo=${address}&limit=${pageSize}&offset=${all.length}`;
    const { json } = await t.get(`/discovery/resources?${query}`).done();
    const items = field(json, "items");
    if (!Array.isArray(items)) break;
    all.push(...items);
    if (items.length < pageSize) break;
  }
  return all;
}
