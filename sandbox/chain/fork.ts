import { z } from "zod";
import { Problem } from "../problem.ts";

/** Longest that the chain to fork may take to say its chain id, in milliseconds. */
const patience = 10_000;

const chainIdReply = z.object({ result: z.string().regex(/^0x[0-9a-f]+$/i) });

/**
 * Makes sure that a chain to fork answers, before Anvil tries: Anvil's own complaint is hard to read.
 *
 * @throws Problem `fork-unreachable`, or the signal's reason
 */
export async function requireFork(forkUrl: string, signal?: AbortSignal): Promise<void> {
  const complaint = await askForChainId(forkUrl, signal);
  signal?.throwIfAborted();
  if (complaint === undefined) return;
  throw new Problem("fork-unreachable", `No chain answers at ${forkUrl}: ${complaint}.`, "Check --fork-url.");
}

/** What is wrong with the answer, if anything. */
async function askForChainId(forkUrl: string, signal?: AbortSignal): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(patience);
  try {
    const response = await fetch(forkUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = await response.text();
    if (!response.ok) return `status ${response.status}`;
    return isChainId(text) ? undefined : "what it answers is not a chain id";
  } catch (error) {
    if (timeout.aborted) return `nothing within ${patience / 1000} s`;
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}

function isChainId(text: string): boolean {
  try {
    return chainIdReply.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
