import { describeJson, Finding, field, readChallenge, Unproven } from "../../engine/index.ts";
import {
  type Case,
  challenge,
  challengeWithholds,
  defineCase,
  expectField,
  provided,
  status,
} from "../../engine/seller/index.ts";
import { askedTerms, requireSameTerms } from "./asked-terms.ts";

/** What a 402 must say as a whole; its entries are judged in challenge-entries.ts. */
export const challengeCases: readonly Case[] = [
  defineCase({
    id: "seller.challenge.status-402",
    requirement: "S-CH-01",
    title: "An unpaid request is answered with 402",
    probe: (t) => t.ask().expect(status(402)),
  }),
  defineCase({
    id: "seller.challenge.header",
    requirement: "S-CH-02",
    title: "The 402 carries a PAYMENT-REQUIRED header",
    probe: (t) =>
      t.ask().expect(({ answer }) => {
        if (answer.status !== 402) throw new Unproven("The unpaid request was not answered with 402.");
        if (answer.headers["payment-required"] !== undefined) return;
        throw new Finding(
          "The 402 has no challenge.",
          "a PAYMENT-REQUIRED header",
          `headers ${Object.keys(answer.headers).join(", ")}`,
        );
      }),
  }),
  defineCase({
    id: "seller.challenge.version-is-the-number-2",
    requirement: "S-CH-04",
    title: "`x402Version` is the number 2",
    probe: (t) =>
      t.ask().expect(challenge((c) => expectField(c, "x402Version", "the number 2", (value) => value === 2))),
  }),
  defineCase({
    id: "seller.challenge.resource-has-url",
    requirement: "S-CH-05",
    title: "`resource` is an object with a string `url`",
    probe: (t) =>
      t.ask().expect(
        challenge((c) => {
          const url = field(field(c, "resource"), "url");
          if (typeof url === "string" && url !== "") return;
          throw new Finding(
            "`resource.url` is not as required.",
            "resource: { url: string }",
            `resource: ${describeJson(field(c, "resource"))}, url: ${describeJson(url)}`,
          );
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.resource-is-the-requested-url",
    requirement: "S-CH-06",
    title: "`resource.url` identifies the URL that was requested",
    probe: (t) =>
      t.ask().expect(
        challenge((c, { request }) => {
          const url = field(field(c, "resource"), "url");
          if (typeof url !== "string") throw new Unproven("`resource.url` is not a string.");
          const requested = new URL(request.target, request.origin);
          if (
            URL.canParse(url, request.origin) &&
            new URL(url, request.origin).pathname === requested.pathname
          )
            return;
          throw new Finding("`resource.url` names another resource.", String(requested), url);
        }),
      ),
  }),
  defineCase({
    id: "seller.challenge.accepts-is-an-array",
    requirement: "S-CH-07",
    title: "`accepts` is an array",
    probe: (t) => t.ask().expect(challenge((c) => expectField(c, "accepts", "an array", Array.isArray))),
  }),
  defineCase({
    id: "seller.challenge.gives-nothing-away",
    requirement: "S-CH-22",
    protocol: "any",
    title: "The 402 contains no paid content",
    probe: (t) => t.ask().expect(provided(status(402)), challengeWithholds),
  }),
  defineCase({
    id: "seller.challenge.terms-are-stable",
    requirement: "S-CH-26",
    protocol: "any",
    title: "Asking twice gives the same price, asset and payTo",
    probe: async (t) => {
      const first = askedTerms(await t.ask().done());
      const second = askedTerms(await t.ask().done());
      requireSameTerms(t, "The terms changed from one request to the next.", first, second);
    },
  }),
  defineCase({
    id: "seller.challenge.html-keeps-the-header",
    requirement: "S-CH-20",
    title: "A browser that asks for HTML gets the same challenge in the header",
    probe: async (t) => {
      const plain = askedTerms(await t.ask().done());
      const browser = await t
        .ask(t.paid, {
          accept: "text/html,application/xhtml+xml,*/*;q=0.8",
          "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
        })
        .done();
      const reading = readChallenge(browser.answer);
      if (reading.stage !== "object")
        throw new Finding(
          "The 402 for a browser has no challenge.",
          "the same PAYMENT-REQUIRED",
          reading.problem,
        );
      requireSameTerms(t, "A browser is asked for other terms.", plain, askedTerms(browser));
    },
  }),
];
