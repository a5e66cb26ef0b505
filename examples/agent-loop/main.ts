/**
 * An agent's loop without a model: `nextCall` decides in its place. Needs a running sandbox (`npm run sandbox`).
 *
 *   node examples/agent-loop/main.ts [URL]
 *
 * It asks for the weather without naming a city, learns from the server's own description what is missing, asks
 * again, pays, and looks at the result on the chain.
 */
import { isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type AgentAnswer, agentTools, openBuyer } from "x402-assay/client";
import { nextCall, type ToolCall } from "./plan.ts";

/** The sandbox's own payer: a public development key, for play money on a local chain. */
const sandboxPayer = "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6";

const url = new URL(process.argv[2] ?? "http://127.0.0.1:4021/weather");
const { RPC_URL: rpcUrl = "http://127.0.0.1:8545", PAYER_PRIVATE_KEY: key = sandboxPayer } = process.env;
if (!isHex(key)) throw new Error("PAYER_PRIVATE_KEY is not a key.");

const buyer = openBuyer({
  signer: privateKeyToAccount(key),
  maxAmount: 10_000n,
  maxPerWindow: { amount: 50_000n, seconds: 3_600 },
  allowedNetworks: ["eip155:84532"],
  rpcUrls: { "eip155:84532": rpcUrl },
  discover: true,
});
const tools = agentTools(buyer);

async function call({ name, arguments: args }: ToolCall): Promise<AgentAnswer> {
  console.log(`→ ${name} ${JSON.stringify(args)}`);
  const answer = await tools.call(name, args);
  console.log(`← ${JSON.stringify(answer)}`);
  return answer;
}

let preparedId: unknown;
let answer = await call({ name: "x402_prepare", arguments: { url: url.href } });
for (let turn = 0; turn < 5; turn += 1) {
  const next = nextCall(answer, "Berlin", url);
  if (next === undefined) break;
  answer = await call(next);
  preparedId = next.arguments.preparedId ?? preparedId;
}
if (preparedId !== undefined) answer = await call({ name: "x402_result", arguments: { preparedId } });

console.log(answer.kind === "paid" ? `The answer is ${answer.fromSeller.body}` : `No answer: ${answer.kind}`);
process.exitCode = answer.kind === "paid" ? 0 : 1;
buyer.close();
