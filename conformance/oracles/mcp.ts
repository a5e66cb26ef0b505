import { field, isJsonObject, type Json, type JsonObject, parseJson } from "./wire/index.ts";

/** What came of a tool call, as far as x402 goes by it (MCP transport of x402 v2). */
export type ToolOutcome =
  | { readonly kind: "served"; readonly receipt: Json | undefined }
  /** It asks to be paid, or tells of a settlement that failed. */
  | {
      readonly kind: "unpaid";
      readonly challenge: JsonObject | undefined;
      readonly receipt: Json | undefined;
    }
  /** The tool does not take the arguments. */
  | { readonly kind: "invalid" }
  /** Any other tool error. */
  | { readonly kind: "failed" };

/** Where a tool result has the receipt of a settlement; earlier revisions have one that failed beside the challenge. */
const receiptKey = "x402/payment-response";
/** Where earlier revisions wrap the challenge. */
const errorKey = "x402/error";

/**
 * Reads a tool result. What holds a challenge counts as unpaid also where it is not called an error: nothing is delivered
 * by it.
 */
export function readToolResult(result: JsonObject): ToolOutcome {
  const { structured, text } = challengesIn(result);
  const found = structured ?? text;
  const { [receiptKey]: failure, ...challenge } = found ?? {};
  const receipt = field(field(result, "_meta"), receiptKey) ?? failure;
  if (found !== undefined) return { kind: "unpaid", challenge, receipt };
  if (field(result, "isError") !== true) return { kind: "served", receipt };
  if (receipt !== undefined) return { kind: "unpaid", challenge: undefined, receipt };
  return { kind: textOf(result).includes(invalidParams) ? "invalid" : "failed" };
}

/** By this the MCP SDK tells, in the text of a tool error, that arguments are not those of the tool. */
const invalidParams = "-32602";

/** The challenge in both places that a tool result has for it, bare or wrapped (MCP transport, Client Requirements). */
export function challengesIn(result: JsonObject): {
  readonly structured: JsonObject | undefined;
  readonly text: JsonObject | undefined;
  /** The text has it wrapped, as earlier revisions do. */
  readonly isWrapped: boolean;
} {
  const said = parseJson(textOf(result));
  return {
    structured: challengeOf(field(result, "structuredContent")),
    text: challengeOf(said),
    isWrapped: field(said, errorKey) !== undefined,
  };
}

/** The first text of a tool result; empty without any. */
function textOf(result: JsonObject): string {
  const content = field(result, "content");
  const text = field(Array.isArray(content) ? content[0] : undefined, "text");
  return typeof text === "string" ? text : "";
}

function challengeOf(value: Json | undefined): JsonObject | undefined {
  const wrapped = field(field(value, errorKey), "data");
  return [value, wrapped]
    .filter(isJsonObject)
    .find((object) => field(object, "x402Version") !== undefined && field(object, "accepts") !== undefined);
}
