import { encodeBase64Text, Unproven } from "../../engine/index.ts";

/** Rewrites the JSON text of a payment header: what no JSON value can say, such as one key twice. */
export function rewritten(change: (text: string) => string): (header: string) => string {
  return (header) => encodeBase64Text(change(textOf(header)));
}

/** The JSON text of a payment header that the suite made. */
export function textOf(header: string): string {
  return Buffer.from(header, "base64").toString("utf8");
}

/** A key that nobody knows; in base64, its text has both letters in which the alphabets differ. */
const unknownKey = '"x402-assay":"???>>>~~~",';

/**
 * The same payment with as many spaces before its JSON as it takes for the header to have a property, and with an
 * unknown key where they do not suffice.
 *
 * @throws Unproven when none of them has it
 */
export function spacedUntil(has: (header: string) => boolean): (header: string) => string {
  return (header) => {
    const text = textOf(header);
    const candidates = [text, text.replace("{", `{${unknownKey}`)].flatMap((json) =>
      [0, 1, 2].map((spaces) => encodeBase64Text(" ".repeat(spaces) + json)),
    );
    const found = candidates.find(has);
    if (found === undefined) throw new Unproven("The payment cannot be spelled so that it would differ.");
    return found;
  };
}
