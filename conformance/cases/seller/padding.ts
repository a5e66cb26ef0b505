import { decodeBase64Text, Finding, isPadded } from "../../engine/index.ts";

/**
 * Holds a header that can be read to the padding of its base64, which the suite's own decoder does without.
 *
 * @param what starts the sentence
 * @param Kind how grave it is
 */
export function requirePadding(what: string, header: string | undefined, Kind = Finding): void {
  if (header === undefined || isPadded(header) || decodeBase64Text(header).kind !== "text") return;
  throw new Kind(
    `${what} lacks the padding of its base64; strict decoders, such as Python's and Go's, cannot read it.`,
    "standard base64, filled up with = to a multiple of 4 characters (RFC 4648 §4)",
    `${header.length} characters, the last of them ${header.slice(-4)}`,
  );
}
