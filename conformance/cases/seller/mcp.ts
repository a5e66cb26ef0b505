import { isDeepStrictEqual } from "node:util";
import { Difference, Finding, field, givesAway, isJsonObject, parseJson } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  challengesIn,
  defineCase,
  provided,
  served,
  settled,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What holds of a tool result alone. The bridge shows it as the body of its answer. */
export const mcpCases: readonly Case[] = [
  defineCase({
    id: "seller.mcp.challenge-in-both-places",
    requirement: "S-MCP-01",
    title:
      "An unpaid call is answered with a tool error that has the challenge as text and as structured content",
    needs: ["mcp"],
    control: aSale,
    probe: (t) => t.ask().expect(asksInBothPlaces),
  }),
  defineCase({
    id: "seller.mcp.failed-settlement-gives-nothing",
    requirement: "S-MCP-02",
    title: "After a failed settlement, the tool's content is not returned",
    needs: ["mcp", "own-facilitator"],
    control: (t) => t.buy().expect(served, settled(1)),
    probe: async (t) => {
      const { answer: goods } = await t.buy().expect(provided(served)).done();
      const failed = await t.underFault("settle-refuses", t.buy().expect(isToolError));
      if (givesAway(goods.body, failed.answer.body, []))
        throw new Finding("The tool's content is returned.", "no content of the tool", failed.answer.body);
    },
  }),
];

const isToolError: Check = ({ answer }) => {
  const value = field(parseJson(answer.body), "isError");
  if (value === true) return;
  throw new Finding("The result is no tool error.", "isError: true", answer.body.slice(0, 300));
};

const asksInBothPlaces: Check = async (observed) => {
  await isToolError(observed);
  const { body } = observed.answer;
  const result = parseJson(body);
  const { structured, text, isWrapped } = challengesIn(isJsonObject(result) ? result : {});
  if (structured === undefined)
    throw new Finding(
      "The challenge is not in the structured content.",
      "structuredContent: PaymentRequired",
      body.slice(0, 300),
    );
  if (text === undefined)
    throw new Finding(
      "The challenge is not in the text.",
      "content[0].text: PaymentRequired as JSON",
      body.slice(0, 300),
    );
  if (!isDeepStrictEqual(structured, text))
    throw new Finding(
      "The two challenges differ.",
      `content[0].text as structuredContent: ${JSON.stringify(structured)}`,
      JSON.stringify(text),
    );
  if (isWrapped)
    throw new Difference(
      "The text has the challenge wrapped, as an earlier revision wanted it: who reads the text alone does not find it.",
      "content[0].text: PaymentRequired as JSON, bare",
      body.slice(0, 300),
    );
};
