import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  type AgentAnswer,
  agentError,
  agentPaid,
  agentPassthrough,
  agentReady,
  agentUnpayable,
} from "./agent-answers.ts";
import type { Buyer } from "./buyer.ts";
import { PaymentError } from "./payment-error.ts";
import type { Ready } from "./prepared.ts";
import type { PaymentReceipt } from "./receipt.ts";

/** A tool as MCP lists it; {@link openAiTools} has OpenAI's form. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: Record<string, unknown>;
}

/** Three tools with which a model buys: ask for the price, pay, look at the result. */
export interface AgentTools {
  readonly list: readonly AgentTool[];
  /**
   * Answers a call with JSON. It never throws for what goes wrong in a purchase: the answer's kind is then `error`,
   * with a code of `paymentErrors`.
   */
  call(name: string, args: unknown): Promise<AgentAnswer>;
}

const header = z.string().max(4_000);
const prepareArguments = z.object({
  url: z.url({ protocol: /^https?$/ }).describe("What to buy, a whole URL"),
  method: z.string().max(20).optional().describe("HTTP method; GET unless told, POST with a body"),
  headers: z.record(z.string(), header).optional(),
  json: z.unknown().optional().describe("Body, sent as JSON"),
  body: z.string().optional().describe("Body as text, instead of json"),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Give the same one again to try the same purchase again without ever paying twice"),
});
const executeArguments = z.object({
  preparedId: z.string().describe("From prepare; good once, for 5 minutes"),
});

const tools = [
  {
    name: "x402_prepare",
    description:
      "Ask what an HTTP request costs. Pays nothing. Answers with a preparedId and the price, or with the answer itself when it is free.",
    arguments: prepareArguments,
  },
  {
    name: "x402_execute",
    description:
      "Pay for a prepared request, once, and get its answer. Spends real money within the owner's policy.",
    arguments: executeArguments,
  },
  {
    name: "x402_result",
    description:
      "The result of an executed request again, and whether the chain has confirmed the payment. Pays nothing.",
    arguments: executeArguments,
  },
] as const;

/** Seconds that a prepared request may be executed. */
const preparedSeconds = 300;
/** Seconds that a result can be asked for. */
const resultSeconds = 3_600;

interface Entry {
  readonly prepared: Ready;
  readonly preparedAt: number;
  result?: Promise<AgentAnswer>;
  receipt?: PaymentReceipt | undefined;
}

/**
 * The harness for agents. What the seller wrote is only ever in `fromSeller` of an answer, where it is data.
 *
 * @example
 * const tools = agentTools(openBuyer({ signer, maxAmount: 10_000n, discover: true }));
 * const prepared = await tools.call("x402_prepare", { url: "http://127.0.0.1:4021/weather?city=Rome" });
 * if (prepared.kind === "ready") await tools.call("x402_execute", { preparedId: prepared.preparedId });
 */
export function agentTools(buyer: Buyer, now: () => number = unixTime): AgentTools {
  const entries = new Map<string, Entry>();

  const prepare = async (args: z.infer<typeof prepareArguments>): Promise<AgentAnswer> => {
    sweep(entries, now());
    const method = args.method ?? (args.body === undefined ? undefined : "POST");
    const prepared = await buyer.prepare(method === undefined ? args : { ...args, method });
    if (prepared.kind === "passthrough") return agentPassthrough(prepared);
    if (prepared.kind === "unpayable") return agentUnpayable(prepared);
    const preparedId = randomUUID();
    entries.set(preparedId, { prepared, preparedAt: now() });
    return agentReady(prepared, preparedId, preparedSeconds);
  };

  const execute = async ({ preparedId }: z.infer<typeof executeArguments>): Promise<AgentAnswer> => {
    const entry = entries.get(preparedId);
    if (entry === undefined) throw new PaymentError("prepared-unknown", "There is no such preparedId.");
    if (entry.result !== undefined)
      throw new PaymentError("prepared-used", "This preparedId was executed before.");
    if (now() >= entry.preparedAt + preparedSeconds)
      throw new PaymentError("prepared-expired", "This preparedId has expired.");
    entry.result = buy(buyer, entry);
    return entry.result;
  };

  const result = async ({ preparedId }: z.infer<typeof executeArguments>): Promise<AgentAnswer> => {
    const entry = entries.get(preparedId);
    if (entry?.result === undefined)
      throw new PaymentError("prepared-unknown", "Nothing was executed under this preparedId.");
    const answer = await entry.result;
    const standing = entry.receipt === undefined ? undefined : await buyer.lookup(entry.receipt);
    return standing === undefined ? answer : { ...answer, standing: standing.state };
  };

  const run = (name: string, args: unknown): Promise<AgentAnswer> => {
    if (name === "x402_prepare") return prepare(prepareArguments.parse(args));
    if (name === "x402_execute") return execute(executeArguments.parse(args));
    if (name === "x402_result") return result(executeArguments.parse(args));
    throw new PaymentError("request-invalid", `There is no tool ${JSON.stringify(name)}.`);
  };

  return {
    list: tools.map(({ name, description, arguments: schema }) => ({
      name,
      description,
      inputSchema: z.toJSONSchema(schema, { io: "input" }),
    })),
    call: async (name, args) => {
      try {
        return await run(name, args);
      } catch (error) {
        if (error instanceof z.ZodError)
          return agentError(new PaymentError("request-invalid", z.prettifyError(error)));
        if (error instanceof PaymentError) return agentError(error);
        throw error;
      }
    },
  };
}

/** The tools in the form of OpenAI's function calling. */
export function openAiTools({ list }: AgentTools) {
  return list.map(({ name, description, inputSchema: parameters }) => ({
    type: "function" as const,
    function: { name, description, parameters },
  }));
}

/** An answer in the form of an MCP tool result. */
export function mcpToolResult(answer: AgentAnswer) {
  return {
    content: [{ type: "text" as const, text: JSON.stringify(answer) }],
    structuredContent: answer,
    isError: answer.kind === "error",
  };
}

async function buy(buyer: Buyer, entry: Entry): Promise<AgentAnswer> {
  try {
    const paid = await buyer.execute(entry.prepared);
    entry.receipt = paid.receipt;
    return await agentPaid(paid);
  } catch (error) {
    if (!(error instanceof PaymentError)) throw error;
    entry.receipt = error.receipt;
    return agentError(error);
  }
}

function sweep(entries: Map<string, Entry>, now: number): void {
  for (const [id, { preparedAt, result }] of entries) {
    const kept = result === undefined ? preparedSeconds : resultSeconds;
    if (now >= preparedAt + kept) entries.delete(id);
  }
}

function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}
