import type { WireAnswer } from "./http.ts";
import { field, parseJson } from "./json.ts";

/**
 * Which other protocol an answer asks to be paid by, in a sentence; `undefined` where it asks to be paid by x402, alone or
 * beside another one, or by nothing that is known.
 */
export function otherProtocol(answer: WireAnswer): string | undefined {
  return isX402(answer) ? undefined : otherProtocols.find(({ sees }) => sees(answer))?.says;
}

/**
 * Whether the answer asks to be paid by x402, however badly: a seller may offer another protocol beside it. Of bodies,
 * only one that says so counts, as other protocols have `accepts`, too.
 */
function isX402(answer: WireAnswer): boolean {
  const header = answer.headers["payment-required"];
  if (header !== undefined && !isMandate(header) && !isOfFth(header)) return true;
  return field(parseJson(answer.body), "x402Version") !== undefined;
}

const isMandate = (text: string) => /\bmandate=/i.test(text);
const isOfFth = (text: string) => /fth-x402\//i.test(text);

/** Protocols that answer 402 and are not x402. */
const otherProtocols: readonly { sees: (answer: WireAnswer) => boolean; says: string }[] = [
  {
    sees: ({ headers }) => /^(l402|lsat)\b/i.test(headers["www-authenticate"] ?? ""),
    says: "This is an L402 challenge (Lightning invoices, WWW-Authenticate: L402), not x402.",
  },
  {
    sees: ({ headers }) => /^payment\b/i.test(headers["www-authenticate"] ?? ""),
    says: 'This is the HTTP "Payment" authentication scheme (WWW-Authenticate: Payment), not x402.',
  },
  {
    sees: ({ headers }) => isMandate(headers["payment-required"] ?? ""),
    says: "This is a mandate-based challenge (payment-required: mandate=…), not x402, whose PAYMENT-REQUIRED is base64 of JSON.",
  },
  {
    sees: ({ body, headers }) => isOfFth(`${body}${headers["payment-required"] ?? ""}`),
    says: "This is a challenge of fth-x402, a protocol of its own with a similar name, not x402.",
  },
];
