/** What a header value turned out to be, one stage after the other. */
export type HeaderText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "not-base64"; readonly why: string };

const alphabet = /^[A-Za-z0-9+/]*$/;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** Decodes standard base64 (RFC 4648 §4) of UTF-8 text, strictly but for missing padding, and says what is wrong. */
export function decodeBase64Text(value: string): HeaderText {
  const unpadded = value.replace(/={1,2}$/, "");
  if (unpadded === "") return { kind: "not-base64", why: "the value is empty" };
  if (/[-_]/.test(unpadded))
    return { kind: "not-base64", why: "the value uses the base64url alphabet (- and _)" };
  if (!alphabet.test(unpadded)) return { kind: "not-base64", why: strayCharacter(unpadded) };
  if (unpadded.length % 4 === 1)
    return { kind: "not-base64", why: "the value has an impossible length for base64" };
  try {
    return { kind: "text", text: strictUtf8.decode(Buffer.from(unpadded, "base64")) };
  } catch {
    return { kind: "not-base64", why: "the decoded bytes are not UTF-8" };
  }
}

/**
 * Whether base64 has its padding (RFC 4648 §3.2), without which strict decoders read nothing: Python's and Go's are
 * among them.
 */
export function isPadded(value: string): boolean {
  return value.length % 4 === 0;
}

function strayCharacter(text: string): string {
  const stray = [...text].find((character) => !alphabet.test(character));
  return `the value has a character outside base64: ${JSON.stringify(stray)}`;
}

/** Encodes text as standard base64 of its UTF-8 bytes. */
export function encodeBase64Text(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
