import { Problem, type SandboxDescription } from "#sandbox";
import type { FacilitatorSetup } from "../engine/facilitator/index.ts";
import { sendOverWire } from "../oracles/wire/index.ts";

/**
 * Asks a facilitator once what it supports. Gives sentences for the user when it makes nearly every case fail for one
 * reason: that it settles on another chain.
 *
 * @throws Problem `subject-unreachable` when no HTTP answer comes
 */
export async function facilitatorFirstLook(
  { url, headers = {} }: FacilitatorSetup,
  { network, faultyRpcUrl }: SandboxDescription,
  timeoutMs: number,
): Promise<readonly string[]> {
  const { origin, pathname } = new URL(url);
  const target = `${pathname.replace(/\/$/, "")}/supported`;
  const answer = await sendOverWire({ method: "GET", origin, target, headers }, { timeoutMs });
  if (answer.kind === "no-answer") {
    throw new Problem(
      "subject-unreachable",
      `No HTTP answer to GET ${origin}${target}: ${answer.why}.`,
      "Start the facilitator first, or let the suite start it with --start.",
    );
  }
  if (answer.body.includes(network) || answer.body.includes("eip155:*")) return [];
  return [
    `GET ${origin}${target} does not list ${network}, the sandbox's network. Let the facilitator settle on the chain at ${faultyRpcUrl}; with --start it finds it as RPC_URL.`,
  ];
}
