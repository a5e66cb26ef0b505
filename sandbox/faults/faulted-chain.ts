import type { Address, Hex } from "viem";
import { type ChainDeveloper, developerOf, minedReceipt } from "../chain/index.ts";

/** An account that Anvil has unlocked, and that nothing else here sends from. */
const troublemaker = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f";

/** The chain as faults act on it. */
export interface FaultedChain {
  /** The node itself, without faults. */
  readonly rpcUrl: string;
  /** Address of the sandbox's USDC. */
  readonly asset: Address;
  readonly developer: ChainDeveloper;
  /** Makes a call that viem has no action for, and gives the node's result. */
  ask(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Sends a call from an account of nobody's, ahead of what others send; gives its hash as soon as it is sent. */
  send(to: Address, data: Hex): Promise<Hex>;
  /** {@link FaultedChain.send}, mined; it must not revert. */
  mustSend(to: Address, data: Hex): Promise<void>;
}

/** How long a transaction of ours may take to be mined, in milliseconds; on a chain that stands still, none is. */
const patienceMs = 5_000;

/** A greater tip than anybody's, so that a block of several transactions has ours first. */
const fees = { maxFeePerGas: 1_000_000_000_000n, maxPriorityFeePerGas: 100_000_000_000n } as const;

export function faultedChain({ rpcUrl, asset }: { rpcUrl: string; asset: Address }): FaultedChain {
  const developer = developerOf(rpcUrl);
  let last: Promise<unknown> = Promise.resolve();
  // In turn: the node numbers the account's transactions itself and would give one number to two.
  const send = (to: Address, data: Hex) => {
    const sent = last.then(() =>
      developer.sendTransaction({
        account: troublemaker,
        to,
        data,
        chain: null,
        gas: 500_000n,
        ...fees,
      }),
    );
    last = sent.catch(() => undefined);
    return sent;
  };
  return {
    rpcUrl,
    asset,
    developer,
    ask: (method, params = []) =>
      developer.request<{ Method: string; Parameters: readonly unknown[]; ReturnType: unknown }>({
        method,
        params,
      }),
    send,
    async mustSend(to, data) {
      const hash = await send(to, data);
      const { status } = await minedReceipt(developer, hash, patienceMs);
      if (status !== "success") throw new Error(`The fault's own transaction ${hash} reverted.`);
    },
  };
}
