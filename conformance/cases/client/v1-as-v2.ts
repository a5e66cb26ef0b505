import { type Case, defineCase, defineFormCase } from "../../engine/client/index.ts";

/**
 * Cases for v2 that hold word for word for a client at a v1 shop: what they change is in entry, message or answer, and
 * the engine puts it into the words of v1. `client.again.x` becomes `client.v1.again-x`.
 */
const sameInV1: readonly string[] = [
  "client.challenge.nothing-accepted",
  "client.challenge.nothing-supported",
  "client.challenge.on-200",
  "client.entries.price-beyond-64-bits",
  "client.entries.look-alike-network",
  "client.entries.endless-lifetime",
  "client.entries.lacks-scheme",
  "client.entries.lacks-network",
  "client.entries.lacks-asset",
  "client.entries.lacks-pay-to",
  "client.entries.lacks-amount",
  "client.entries.lacks-max-timeout",
  "client.payment.repeats-the-request",
  "client.payment.repeats-the-body",
  "client.payment.repeats-a-headers-object",
  "client.payment.repeats-a-request-object",
  "client.payment.no-response-headers",
  "client.authorization.payee",
  "client.authorization.numbers-are-strings",
  "client.authorization.nonce-is-random",
  "client.authorization.nonce-is-unpredictable",
  "client.authorization.nonce-is-fresh",
  "client.authorization.nonce-for-the-same",
  "client.authorization.nonce-at-once",
  "client.authorization.valid-now",
  "client.authorization.not-expired",
  "client.authorization.east-of-utc",
  "client.authorization.west-of-utc",
  "client.authorization.lifetime-in-text",
  "client.authorization.signature-shape",
  "client.authorization.domain-not-from-extra",
  "client.authorization.terms-not-from-elsewhere",
  "client.again.after-500",
  "client.again.after-502",
  "client.again.after-gateway-timeout",
  "client.again.after-429",
  "client.again.after-409",
  "client.again.lost-request",
  "client.again.lost-then-used",
  "client.again.pending",
  "client.again.unclear-settlement",
  "client.again.refused-as-used",
  "client.again.refused-as-expired",
  "client.again.second-lost",
  "client.again.second-500",
  "client.again.second-pending",
  "client.redirect.resource-elsewhere",
  "client.answer.receipt-is-read",
  "client.texts.order-in-error",
  "client.texts.order-in-extra",
  "client.texts.order-in-the-receipt",
  "client.size.deeply-nested",
  "client.secrets.key-stays",
  "client.audit.signatures",
];

/**
 * The cases of `inV2` that hold in v1 as well, with a shop that speaks v1.
 *
 * @throws RangeError when the list names a case that is not there
 */
export function alsoInV1(inV2: readonly Case[]): readonly Case[] {
  const byId = new Map(inV2.map((subjectCase) => [subjectCase.id, subjectCase]));
  return sameInV1.map((id) => {
    const original = byId.get(id);
    if (original === undefined) throw new RangeError(`There is no case ${id} to try in v1.`);
    const define = original.control === undefined ? defineFormCase : defineCase;
    const v1Id = id.replace(/^client\.([^.]+)\./, "client.v1.$1-");
    return define({ ...original, id: v1Id, protocol: "x402@1", title: `v1: ${original.title}` });
  });
}
