import { z } from "zod";
import type { StandingFault } from "./fault.ts";
import type { FaultedChain } from "./faulted-chain.ts";
import { sendsTransaction } from "./rpc-call.ts";

/** Far enough for every authorization to expire. */
const usualAdvanceSeconds = 86_400;

/** States that the whole chain can be in. */
export const stateFaults = {
  "mining-stopped": {
    place: "chain",
    effect: "No blocks are mined; when it is switched off, what waits is mined at once.",
    alone: true,
    bites: sendsTransaction,
    occupies: () => "mining",
    begin: async (_terms, chain) => {
      const { developer } = chain;
      const interval = await intervalOf(chain);
      if (interval === null) await developer.setAutomine(false);
      else await developer.setIntervalMining({ interval: 0 });
      return async () => {
        await developer.mine({ blocks: 1 });
        if (interval === null) await developer.setAutomine(true);
        else await developer.setIntervalMining({ interval });
      };
    },
  },
  "clock-moved": {
    place: "chain",
    effect: "The chain's clock is a day, or `advanceSeconds`, ahead; it goes back when it is switched off.",
    alone: true,
    takes: ["advanceSeconds"],
    bites: () => true,
    occupies: () => "clock",
    begin: async ({ advanceSeconds = usualAdvanceSeconds }, chain) => {
      await moveClock(advanceSeconds, chain);
      return () => moveClock(-advanceSeconds, chain);
    },
  },
} as const satisfies Record<string, StandingFault>;

const intervalSchema = z.number().nullable();

/** Seconds between blocks, or `null` where each transaction gets a block at once. */
async function intervalOf({ ask }: FaultedChain): Promise<number | null> {
  return intervalSchema.parse(await ask("anvil_getIntervalMining"));
}

/** Moves the clock and mines a block, so that every reader sees it. */
async function moveClock(seconds: number, { ask, developer }: FaultedChain): Promise<void> {
  const { timestamp } = await developer.getBlock({ blockTag: "pending" });
  await ask("evm_setTime", [Number(timestamp) + seconds]);
  await developer.mine({ blocks: 1 });
}
