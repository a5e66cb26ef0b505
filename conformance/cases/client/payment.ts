import { isDeepStrictEqual } from "node:util";
import {
  type Case,
  type Check,
  defineCase,
  defineFormCase,
  everyAuthorization,
  everyEnvelope,
  everyPayment,
  everyRetry,
  providedItPays,
  type Received,
  refusesOr,
  type SeenPayment,
} from "../../engine/client/index.ts";
import {
  describeJson,
  Finding,
  field,
  type JsonObject,
  NotApplicable,
  Unproven,
} from "../../engine/index.ts";

import { extraOf, resourceOf } from "./decoys.ts";

/** Wherever it begins in the text, base64 has "+" of the one half and "/" of the other; base64url has "-" and "_". */
const plusAndSlash = "~~~~~~ ??????";

const paysWhatItCannotKnow =
  "The client pays the entry of an unknown scheme, which it should have skipped: client.entries.unknown-scheme-first judges that.";

/** What the paid request says. */
export const paymentCases: readonly Case[] = [
  defineFormCase({
    id: "client.payment.header",
    requirement: "C-PAY-01",
    title: "The retry carries PAYMENT-SIGNATURE, base64 of a JSON payment",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyRetry(({ payments }) => {
          const isReadable = ({ protocol, envelope }: SeenPayment) =>
            protocol === "x402@2" && envelope !== undefined;
          if (payments.some(isReadable)) return;
          throw new Finding(
            "The payment cannot be read.",
            "base64 of a JSON object in PAYMENT-SIGNATURE",
            payments.map(({ protocol, problem }) => problem ?? `one of ${protocol}`).join("; "),
          );
        }),
      ),
  }),
  defineCase({
    id: "client.payment.alphabet",
    requirement: "C-PAY-01",
    title: "A payment that has + and / in base64 comes in the standard alphabet",
    probe: (t) =>
      t.sells({ asks: { entry: (entry) => ({ ...entry, note: plusAndSlash }) } }).expect(
        providedItPays,
        everyPayment(({ envelope, problem }) => {
          if (envelope !== undefined) return;
          throw new Finding("The payment cannot be read.", "base64 of a JSON object", `${problem}`);
        }),
      ),
  }),
  defineFormCase({
    id: "client.payment.version",
    requirement: "C-PAY-03",
    title: "The payment says version 2, as the challenge did",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyEnvelope((envelope) => {
          const version = field(envelope, "x402Version");
          if (version !== 2) throw new Finding("Another version.", "x402Version: 2", describeJson(version));
        }),
      ),
  }),
  defineFormCase({
    id: "client.payment.no-response-headers",
    requirement: "C-PAY-26",
    title: "The request carries no header that belongs on an answer",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyRetry(({ headers }) => {
          const stray = Object.keys(headers).filter(
            (name) =>
              name === "access-control-expose-headers" || /^(x-)?payment-(required|response)$/.test(name),
          );
          if (stray.length > 0) throw new Finding("A header of answers is sent.", "none", stray.join(", "));
        }),
      ),
  }),
  defineFormCase({
    id: "client.payment.one-header",
    requirement: "C-PAY-28",
    title: "A v2 shop gets no X-PAYMENT",
    probe: (t) => t.sellsHonestly().expect(everyRetry(onlyInV2)),
  }),
  defineCase({
    id: "client.payment.one-version",
    requirement: "C-PAY-28",
    title: "A shop that asks in both versions is paid in one of them",
    probe: (t) =>
      t.sells({ asks: { alsoInV1: {} } }).expect(
        refusesOr(
          everyRetry(({ payments }) => {
            if (payments.length < 2) return;
            throw new Finding("It is paid in both at once.", "one payment header", `${payments.length}`);
          }),
        ),
      ),
  }),
  defineCase({
    id: "client.payment.accepted",
    requirement: "C-PAY-04",
    title: "`accepted` is the entry as it was offered, fields that nobody knows included",
    probe: (t) =>
      t.sells({ asks: { entry: withUnknownFields } }).expect(providedItPays, acceptsWhatWasOffered),
  }),
  defineCase({
    id: "client.payment.accepted-is-what-is-signed",
    requirement: "C-PAY-04",
    title: "`accepted` is the entry that is paid, not one that was skipped",
    probe: (t) =>
      t
        .sells({ asks: { accepts: (entry) => [{ ...entry, scheme: "barter", amount: "900" }, entry] } })
        .expect(
          providedItPays,
          everyAuthorization(({ value }, { offered }, { envelope }) => {
            const paid = offered.find((entry) => field(entry, "amount") === String(value));
            if (paid === undefined) throw new Unproven(`No entry asks for the ${value} that were signed.`);
            if (field(paid, "scheme") !== "exact") throw new NotApplicable(paysWhatItCannotKnow);
            const accepted = field(envelope, "accepted");
            if (isDeepStrictEqual(accepted, paid)) return;
            throw new Finding(
              "`accepted` is not the entry whose amount is signed.",
              JSON.stringify(paid),
              accepted === undefined ? "missing" : JSON.stringify(accepted),
            );
          }),
        ),
  }),
  defineCase({
    id: "client.payment.resource",
    requirement: "C-PAY-05",
    title: "`resource`, when it is sent, is the one of the challenge",
    probe: (t) =>
      t
        .sells({
          asks: {
            challenge: (challenge) => ({ ...challenge, resource: { ...resourceOf(challenge), shelf: 7 } }),
          },
        })
        .expect(
          providedItPays,
          everyEnvelope((envelope, { challenges }) => {
            const resource = field(envelope, "resource");
            const asked = challenges.map((challenge) => field(challenge, "resource"));
            if (resource === undefined || asked.some((own) => isDeepStrictEqual(own, resource))) return;
            throw new Finding(
              "Another resource is named.",
              JSON.stringify(asked[0]),
              JSON.stringify(resource),
            );
          }),
        ),
  }),
];

/** An entry that says more than anybody knows, in values that some languages cannot tell from others. */
export function withUnknownFields(entry: JsonObject): JsonObject {
  return {
    ...entry,
    extra: { ...extraOf(entry), floor: 3, tags: [null], options: {}, clerk: null },
    loyalty: "gold",
    shelf: {},
    coupons: [],
    clerk: null,
    weight: "1.50",
  };
}

/** `accepted` is one of the entries, as it was offered. */
export const acceptsWhatWasOffered: Check = everyEnvelope((envelope, { offered }) => {
  const accepted = field(envelope, "accepted");
  if (offered.some((entry) => isDeepStrictEqual(entry, accepted))) return;
  throw new Finding(
    "`accepted` is no entry that was offered.",
    JSON.stringify(offered[0]),
    accepted === undefined ? "missing" : JSON.stringify(accepted),
  );
});

function onlyInV2({ payments }: Received): void {
  if (payments.some(({ protocol }) => protocol !== "x402@2"))
    throw new Finding("A payment comes in the other version.", "PAYMENT-SIGNATURE only", "X-PAYMENT");
}
