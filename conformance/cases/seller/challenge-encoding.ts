import { Finding, NotApplicable, readChallenge, Unproven } from "../../engine/index.ts";
import { type ApiRequest, type Case, type Check, defineCase } from "../../engine/seller/index.ts";
import { requirePadding } from "./padding.ts";
import { withQuery } from "./with-query.ts";

/** How the challenge is put into its header: so that every buyer's decoder reads it. */
export const challengeEncodingCases: readonly Case[] = [
  defineCase({
    id: "seller.challenge.base64-json",
    requirement: "S-CH-03",
    title: "PAYMENT-REQUIRED is standard base64 of a JSON object, with its padding",
    probe: async (t) => {
      await t.ask().expect(isBase64OfAnObject, hasPadding).done();
      // One length in three needs no padding: where the challenge names the query once, these are the other two.
      for (const request of ["a", "ab"].flatMap((text) => asking(t.paid, text)))
        await t.ask(request).expect(hasPadding).done();
    },
  }),
  defineCase({
    id: "seller.challenge.standard-alphabet",
    requirement: "S-CH-03",
    title: "PAYMENT-REQUIRED has + and / where base64url has - and _",
    probe: async (t) => {
      for (const request of asking(t.paid, telling)) {
        const { answer } = await t.ask(request).done();
        const header = answer.headers["payment-required"];
        if (header === undefined || !inEitherAlphabet(header).includes(telling)) continue;
        const [stray] = /[-_]/.exec(header) ?? [];
        if (stray === undefined) return;
        throw new Finding(
          "PAYMENT-REQUIRED is base64url; decoders of standard base64 cannot read it.",
          "standard base64 (RFC 4648 §4): + and /, no - and _",
          `${stray} in it, where the URL that it names has ${telling}`,
        );
      }
      throw new NotApplicable(
        "The seller refuses or leaves out the query in which the alphabets would differ.",
      );
    },
  }),
];

/** Wherever it stands in a text, its standard base64 has a `+`, which is `-` in base64url. */
const telling = "~~~~~~";

/** The text of base64 in any of its alphabets. */
function inEitherAlphabet(value: string): string {
  return Buffer.from(value, "base64url").toString("utf8");
}

/** The request with some text in its query, first in a parameter that no seller knows, then in one of its own. */
function asking(request: ApiRequest, text: string): ApiRequest[] {
  const { target } = request;
  const inItsOwn = /\?.*=/.test(target) ? [{ ...request, target: `${target}${text}` }] : [];
  return [withQuery(request, `x402-assay=${text}`), ...inItsOwn];
}

const isBase64OfAnObject: Check = ({ answer }) => {
  const reading = readChallenge(answer);
  if (reading.stage === "no-402" || reading.stage === "absent")
    throw new Unproven(`There is no header to read: ${reading.problem}.`);
  if (reading.stage === "unreadable")
    throw new Finding(
      "PAYMENT-REQUIRED cannot be read.",
      "standard base64 of a JSON object",
      reading.problem,
    );
};

const hasPadding: Check = ({ answer }) =>
  requirePadding("PAYMENT-REQUIRED", answer.headers["payment-required"]);
