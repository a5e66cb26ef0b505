import { join } from "node:path";
import { type Chain, derivePayer, developerOf, type NamedAccount } from "#sandbox";
import type { Role, ServerRole, Side } from "../measurements.ts";
import type { Program, Programs } from "../program.ts";
import { projectRoot } from "../project.ts";
import { tellingUsage } from "../usage.ts";

const startTimeoutMs = 30_000;

/** What each buyer may spend, in atomic units: enough for any number of loops. */
const buyerFunds = 1_000_000_000_000n;

/** The programs of each side, each a process of its own with its settings in the environment. */
const files: Readonly<Record<Side, Readonly<Record<Role, string>>>> = {
  ours: {
    facilitator: "sandbox/facilitator/start.ts",
    seller: "sandbox/seller/start.ts",
    buyer: "scripts/bench/ours/buyer.ts",
  },
  official: {
    facilitator: "scripts/bench/official/facilitator.ts",
    seller: "scripts/bench/official/seller.ts",
    buyer: "scripts/bench/official/buyer.ts",
  },
};

/** One side, ready to trade: its buyer takes orders. */
export interface Stack {
  readonly buyer: Program;
  readonly servers: Readonly<Record<ServerRole, Program>>;
  readonly payer: NamedAccount["address"];
  stop(): Promise<void>;
}

/**
 * Starts facilitator, seller and buyer of one side. Both sides share the chain and nothing else.
 *
 * @param serverNodeArgs for the Node that runs facilitator and seller
 */
export async function startStack(
  side: Side,
  chain: Chain,
  programs: Programs,
  serverNodeArgs: readonly string[] = [],
): Promise<Stack> {
  const payer = derivePayer("bench", `${side} payer`);
  const { address, privateKey } = derivePayer("bench", `${side} facilitator`);
  await chain.fund(payer.address, buyerFunds);
  await developerOf(chain.rpcUrl).setBalance({ address, value: 10n ** 24n });

  const running: Program[] = [];
  const stop = async () => {
    await Promise.all(running.map((program) => program.stop()));
  };
  const start = (role: Role, env: Record<string, string>, own: readonly string[] = []) => {
    const program = programs.start({ file: join(projectRoot, files[side][role]), env, nodeArgs: own });
    running.push(program);
    return program;
  };

  const market = {
    RPC_URL: chain.rpcUrl,
    NETWORK: chain.network,
    ASSET_ADDRESS: chain.asset,
    PAY_TO: chain.accounts.seller.address,
  };
  const nodeArgs = [...tellingUsage, ...serverNodeArgs];
  try {
    const facilitator = start("facilitator", { ...market, FACILITATOR_PRIVATE_KEY: privateKey }, nodeArgs);
    const facilitatorUrl = await facilitator.firstLine(startTimeoutMs);
    const seller = start("seller", { ...market, FACILITATOR_URL: facilitatorUrl }, nodeArgs);
    const sellerUrl = await seller.firstLine(startTimeoutMs);
    const buyer = start("buyer", {
      X402_URL: `${sellerUrl}/weather?city=Berlin`,
      PAYER_PRIVATE_KEY: payer.privateKey,
    });
    return { buyer, servers: { facilitator, seller }, payer: payer.address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
