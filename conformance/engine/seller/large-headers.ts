import type { WireAnswer } from "../../oracles/wire/index.ts";

/** By which servers refuse a header that is too large for them. */
const statuses: readonly number[] = [400, 413, 414, 431];

/**
 * What to look at where a payment was refused by a page for people, as proxies refuse a header that is too large: a
 * sentence with a space before it; empty where the answer looks otherwise.
 */
export function hintOfLargeHeaders({ status, headers, body }: WireAnswer): string {
  const isPage = /html/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(body);
  return statuses.includes(status) && isPage
    ? " It was refused by an HTML page, as of a proxy for which the header with the payment is too large: let it take some 8 KiB (nginx: large_client_header_buffers)."
    : "";
}
