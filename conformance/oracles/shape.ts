import { isJsonObject, type Json, parseJson } from "./wire/index.ts";

/** A shape of fewer values is one that any message may have, e.g. `{"message":"…"}`. */
const fewestValues = 2;

/**
 * Whether `body` is built as all of `samples` are, though their values differ: JSON with a value of the same type
 * wherever they have one, and with the same value where they agree. What the texts in `open` have, too, does not count.
 */
export function hasShapeOf(samples: readonly string[], body: string, open: readonly string[]): boolean {
  const [first = new Set<string>(), ...others] = samples.map(shapeOf);
  const shown = open.map(shapeOf);
  const own = [...first].filter(
    (trait) => others.every((shape) => shape.has(trait)) && !shown.some((shape) => shape.has(trait)),
  );
  const found = shapeOf(body);
  const places = own.filter((trait) => trait.startsWith("type "));
  return places.length >= fewestValues && own.every((trait) => found.has(trait));
}

/** Where in a JSON text there are values, of which type, and which; nothing of any other text. */
function shapeOf(text: string): Set<string> {
  const json = parseJson(text);
  return new Set(json === undefined ? [] : traitsOf(json, ""));
}

function traitsOf(json: Json, path: string): string[] {
  if (Array.isArray(json)) return json.flatMap((item) => traitsOf(item, `${path}[]`));
  if (isJsonObject(json))
    return Object.entries(json).flatMap(([key, value]) => traitsOf(value, `${path}.${key}`));
  const type = json === null ? "null" : typeof json;
  return [`type ${path}: ${type}`, `value ${path}: ${JSON.stringify(json)}`];
}
