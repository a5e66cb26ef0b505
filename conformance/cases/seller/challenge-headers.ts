import {
  acceptsEntries,
  describeJson,
  Finding,
  field,
  holdAgainstSchema,
  isJsonObject,
  type JsonObject,
  NotApplicable,
} from "../../engine/index.ts";
import { type Case, challenge, defineCase, provided, status } from "../../engine/seller/index.ts";

/** What Node takes for all headers of a message together, in bytes; half of it leaves room for the others. */
const comfortableHeader = 8 * 1024;

/** How a challenge travels: its size, caching, CORS; and what it need not have but must have right. */
export const challengeHeaderCases: readonly Case[] = [
  defineCase({
    id: "seller.challenge.header-is-small",
    requirement: "S-CH-29",
    title: "PAYMENT-REQUIRED takes less than 8 kB, so that common clients and proxies let it through",
    probe: (t) =>
      t.ask().expect(provided(status(402)), ({ answer }) => {
        const size = Buffer.byteLength(answer.headers["payment-required"] ?? "");
        if (size <= comfortableHeader) return;
        throw new Finding(
          "PAYMENT-REQUIRED is large.",
          `at most ${comfortableHeader} bytes`,
          `${size} bytes`,
        );
      }),
  }),
  defineCase({
    id: "seller.challenge.is-not-cached",
    requirement: "S-CH-23",
    title: "The 402 says Cache-Control: no-store",
    probe: (t) =>
      t.ask().expect(provided(status(402)), ({ answer }) => {
        const cacheControl = answer.headers["cache-control"] ?? "";
        if (/\bno-store\b/i.test(cacheControl)) return;
        throw new Finding(
          "A cache may keep the 402.",
          "Cache-Control: no-store",
          cacheControl || "no Cache-Control",
        );
      }),
  }),
  defineCase({
    id: "seller.challenge.is-exposed-to-pages",
    requirement: "S-CH-24",
    title: "A seller that answers pages of other origins lets them read the challenge",
    probe: (t) =>
      t.ask(t.paid, { origin: "https://app.example" }).expect(provided(status(402)), ({ answer }) => {
        if (answer.headers["access-control-allow-origin"] === undefined) {
          throw new NotApplicable("The seller does not answer pages of other origins (CORS).");
        }
        const exposed = answer.headers["access-control-expose-headers"] ?? "";
        if (exposed === "*" || /payment-required/i.test(exposed)) return;
        throw new Finding(
          "A page cannot read the challenge.",
          "Access-Control-Expose-Headers: PAYMENT-REQUIRED, PAYMENT-RESPONSE",
          exposed || "no Access-Control-Expose-Headers",
        );
      }),
  }),
  defineCase({
    id: "seller.challenge.preflight-lets-pages-pay",
    requirement: "S-CH-24",
    title: "A seller that answers pages of other origins lets them send the payment header",
    probe: async (t) => {
      const origin = "https://app.example";
      const { answer } = await t
        .ask(t.paid, { origin })
        .expect(provided(status(402)))
        .done();
      if (answer.headers["access-control-allow-origin"] === undefined)
        throw new NotApplicable("The seller does not answer pages of other origins (CORS).");
      const { body: _, ...bodiless } = t.paid;
      const preflight = {
        origin,
        "access-control-request-method": t.paid.method,
        "access-control-request-headers": t.dialect.paymentHeader,
      };
      await t
        .ask({ ...bodiless, method: "OPTIONS" }, preflight)
        .expect(({ answer: { headers } }) => {
          const allowed = headers["access-control-allow-headers"] ?? "";
          const names = allowed.toLowerCase().split(/\s*,\s*/);
          if (names.includes("*") || names.includes(t.dialect.paymentHeader)) return;
          throw new Finding(
            "A page may not send its payment.",
            `Access-Control-Allow-Headers: ${t.dialect.paymentHeader.toUpperCase()}`,
            allowed || "no Access-Control-Allow-Headers",
          );
        })
        .done();
    },
  }),
  defineCase({
    id: "seller.challenge.error-is-a-string",
    requirement: "S-CH-18",
    title: "`error`, if there is one, is a string",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          const error = field(c, "error");
          if (error === undefined || typeof error === "string") return;
          throw new Finding("`error` is no string.", "a string, or nothing", describeJson(error));
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.accepts-something",
    requirement: "S-CH-08",
    title: "`accepts` has at least one entry",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          if (!Array.isArray(field(c, "accepts")) || acceptsEntries(c).length > 0) return;
          throw new Finding("There is no way to pay.", "at least one entry", "accepts: []");
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.extensions-are-described",
    requirement: "S-CH-16",
    title: "Every extension has `info` and `schema`",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          const extensions = field(c, "extensions");
          if (!isJsonObject(extensions)) throw new NotApplicable("The challenge has no extensions.");
          for (const [name, extension] of Object.entries(extensions)) {
            // http-message-signatures may go without a schema.
            const required = name === "http-message-signatures" ? ["info"] : ["info", "schema"];
            const missing = required.find((key) => !isJsonObject(field(extension, key)));
            if (missing === undefined) continue;
            const actual = describeJson(field(extension, missing));
            throw new Finding(
              `Extension ${name} is not described.`,
              `${missing}: an object`,
              `${missing}: ${actual}`,
            );
          }
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.extensions-hold-their-schema",
    requirement: "S-CH-17",
    title: "The `info` of every extension is valid by its own `schema`",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          const judged = describedExtensions(c);
          if (judged.length === 0)
            throw new NotApplicable("No extension has a `schema` that its `info` is to hold.");
          for (const { name, info, schema } of judged) {
            const verdict = holdAgainstSchema(schema, info);
            if (verdict.kind !== "broken") continue;
            throw new Finding(
              `Extension ${name} breaks its own schema.`,
              `info${verdict.where} as the schema has it`,
              verdict.complaint,
            );
          }
        }),
      ),
  }),
];

/** Its schema is for the proof that a client sends, not for the `info` that it answers (CAIP-122 fields). */
const describesTheAnswer = "sign-in-with-x";

function describedExtensions(challenge: JsonObject) {
  const extensions = field(challenge, "extensions");
  return Object.entries(isJsonObject(extensions) ? extensions : {}).flatMap(([name, extension]) => {
    const [info, schema] = [field(extension, "info"), field(extension, "schema")];
    const isJudged = name !== describesTheAnswer && isJsonObject(info) && isJsonObject(schema);
    return isJudged ? [{ name, info, schema }] : [];
  });
}
