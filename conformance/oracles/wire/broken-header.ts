/** What Node's parsers of HTTP say of a header value that goes on in another line. */
const brokenHeader = /CR after header value|whitespace after header value|Invalid header token/;

/** Whether an answer could not be parsed for a header value with a line break, as base64 has that is wrapped for mail. */
export function isBrokenHeader(complaint: string): boolean {
  return brokenHeader.test(complaint);
}

/** The same complaint, and what it means where it is about such a header. */
export function explained(complaint: string): string {
  return isBrokenHeader(complaint)
    ? `${complaint}: a header value seems to have a line break; encode base64 without wrapping it`
    : complaint;
}
