import type { AgentAnswer } from "x402-assay/client";

/** A call of a tool, as a model would ask for it. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/**
 * What a model would decide, as plain rules: the next call, or `undefined` when there is nothing left to do. It looks
 * at `kind`, `nextAction` and `price`, which are the harness's own words. `fromSeller` is data: it is shown to the
 * user, and one field of it is used: which parameter is missing.
 */
export function nextCall(answer: AgentAnswer, city: string, url: URL): ToolCall | undefined {
  if (answer.kind === "ready" && answer.nextAction.action === "execute")
    return { name: "x402_execute", arguments: { preparedId: answer.preparedId } };
  if (answer.kind === "passthrough" && lacks(answer, "query.city")) {
    const corrected = new URL(url);
    corrected.searchParams.set("city", city);
    return { name: "x402_prepare", arguments: { url: corrected.href } };
  }
  return undefined;
}

function lacks({ fromSeller }: AgentAnswer, where: string): boolean {
  return fromSeller.issues?.some((issue) => issue.where === where) === true;
}
