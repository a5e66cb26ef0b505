import type { ChainDeveloper } from "./connection.ts";

/** The chain's time in Unix seconds. It runs with the host's clock, plus what it was moved by. */
export interface Clock {
  /** The timestamp that a block mined now would get. */
  now(): Promise<bigint>;
  /** Moves the chain's time forward and mines a block, so that every reader sees it. */
  advance(seconds: number): Promise<void>;
}

export function chainClock(chain: ChainDeveloper): Clock {
  return {
    async now() {
      const pending = await chain.getBlock({ blockTag: "pending" });
      return pending.timestamp;
    },
    async advance(seconds) {
      await chain.increaseTime({ seconds });
      await chain.mine({ blocks: 1 });
    },
  };
}
