import { Problem } from "../problem.ts";
import { readerOf } from "./connection.ts";

/**
 * Makes sure that a chain is a local development node (Anvil or Hardhat) before anything signs for it: the keys
 * here are public, and a real chain would move real money.
 *
 * @throws Problem `not-a-development-chain`
 */
export async function requireDevelopmentNode(rpcUrl: string): Promise<void> {
  const software = await nodeSoftware(rpcUrl);
  if (/^(anvil|hardhat)/i.test(software)) return;
  throw new Problem(
    "not-a-development-chain",
    `${rpcUrl} is ${software}, not a local development chain: nothing is signed for it.`,
    "Point RPC_URL at an Anvil, e.g. the one that `x402-assay sandbox` starts.",
  );
}

async function nodeSoftware(rpcUrl: string): Promise<string> {
  try {
    const answer: unknown = await readerOf(rpcUrl).request({ method: "web3_clientVersion" });
    return typeof answer === "string" ? answer : "unknown software";
  } catch (cause) {
    throw new Problem(
      "not-a-development-chain",
      `No chain answers at ${rpcUrl}.`,
      "Start the sandbox first.",
      { cause },
    );
  }
}
