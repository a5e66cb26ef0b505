/** Base64 of JSON without its padding; with a space before the JSON where it would need none. */
export function unpadded(header: string): string {
  const text = Buffer.from(header, "base64").toString("utf8");
  const [padded = header] = [text, ` ${text}`]
    .map((json) => Buffer.from(json).toString("base64"))
    .filter((value) => value.endsWith("="));
  return padded.replace(/=+$/, "");
}
