import { field, isJsonObject } from "../../../oracles/wire/index.ts";
import type { ToolResult } from "../mcp/index.ts";
import type { Mutant } from "../mutant.ts";

/** Sellers whose tools are paid over MCP, and who tell it otherwise than the transport says. */
export const mcpMutants: readonly Mutant[] = [
  overMcp({
    id: "mcp-challenge-in-prose",
    breaks: "Asks for money in structured content alone; the text is a sentence for people.",
    caughtBy: ["seller.mcp.challenge-in-both-places"],
    reword: (result) => ({ ...result, content: [{ type: "text", text: "This tool costs money." }] }),
  }),
  overMcp({
    id: "mcp-challenge-as-text-only",
    breaks: "Asks for money in the text alone.",
    caughtBy: ["seller.mcp.challenge-in-both-places"],
    reword: ({ structuredContent: _, ...result }) => result,
  }),
  overMcp({
    id: "mcp-two-challenges",
    breaks: "Tells another reason in the text than in the structured content.",
    caughtBy: ["seller.mcp.challenge-in-both-places"],
    reword: (result) => ({
      ...result,
      content: [{ type: "text", text: JSON.stringify({ ...structuredIn(result), error: "Pay first." }) }],
    }),
  }),
  overMcp({
    id: "mcp-challenge-wrapped",
    breaks: "Wraps the challenge in the text, as an earlier revision of the transport has it.",
    caughtBy: ["seller.mcp.challenge-in-both-places"],
    reword: (result) => {
      const error = { code: 402, message: "Payment required", data: structuredIn(result) };
      return { ...result, content: [{ type: "text", text: JSON.stringify({ "x402/error": error }) }] };
    },
  }),
  overMcp({
    id: "mcp-challenge-is-no-error",
    breaks: "Asks for money in a result that is not called an error.",
    caughtBy: ["seller.mcp.challenge-in-both-places", "seller.mcp.failed-settlement-gives-nothing"],
    reword: ({ isError: _, ...result }) => result,
  }),
  {
    id: "mcp-content-without-settlement",
    breaks: "Returns a weather report beside the word that the settlement failed.",
    caughtBy: [
      "seller.mcp.failed-settlement-gives-nothing",
      "seller.settlement.failure-withholds-the-body",
      "seller.settlement.delivers-nothing-on-settle-400",
      "seller.settlement.pending-is-not-success",
      "seller.settlement.false-yes-to-a-forged-payment",
      "seller.settlement.false-yes-to-an-underpayment",
      "seller.chain.reverted",
      "seller.chain.cancelled",
      "seller.chain.token-fails-silently",
      "seller.chain.token-takes-a-fee",
      "seller.chain.token-emits-no-event",
    ],
    build: (reached) => {
      let report: ToolResult[string] = [];
      return {
        overMcp: (honest) => {
          const content = field(honest, "content") ?? [];
          const text = JSON.stringify(content);
          if (text.includes("temperature") && !text.includes("almanac")) report = content;
          const receipt = field(field(honest, "_meta"), "x402/payment-response");
          if (field(receipt, "success") !== false) return honest;
          reached();
          return { ...honest, content: [content, report].flat() };
        },
      };
    },
  },
  {
    id: "mcp-receipt-in-the-text",
    breaks: "Gives the receipt as a second text, where no client looks for it.",
    caughtBy: [
      "seller.retry.receipt",
      "seller.permit2.receipt",
      "seller.upto.sold",
      "seller.upto.receipt",
      "seller.upto.receipt-tells-the-charge",
    ],
    build: (reached) => ({
      overMcp: ({ _meta, ...honest }) => {
        if (_meta === undefined) return honest;
        reached();
        const told = { type: "text", text: JSON.stringify(_meta) };
        return { ...honest, content: [honest.content ?? [], told].flat() };
      },
    }),
  },
];

function structuredIn(result: ToolResult): ToolResult {
  const structured = field(result, "structuredContent");
  return isJsonObject(structured) ? structured : {};
}

/** A mutant that rewords the tool results that ask for money. */
function overMcp({
  reword,
  ...mutant
}: Pick<Mutant, "id" | "breaks" | "caughtBy"> & { reword: (result: ToolResult) => ToolResult }): Mutant {
  return {
    ...mutant,
    build: (reached) => ({
      overMcp: (honest) => {
        if (field(field(honest, "structuredContent"), "accepts") === undefined) return honest;
        reached();
        return reword(honest);
      },
    }),
  };
}
