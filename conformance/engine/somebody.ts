import {
  type Address,
  BaseError,
  ExecutionRevertedError,
  encodeFunctionData,
  getAddress,
  type Hash,
  type Hex,
  multicall3Abi,
} from "viem";
import { type ChainDeveloper, minedReceipt } from "#sandbox";

/** Makes several calls in one transaction; the sandbox's chains have it at its canonical address. */
const multicall3 = getAddress("0xcA11bde05977b3631167028862bE2a173976CA11");

/** A transaction of the suite's that the contract refused. */
export class Reverted extends Error {
  override readonly name = "Reverted";
  /** What the contract said, if it said anything. */
  readonly reason: string | undefined;

  constructor(hash: Hash, reason?: string) {
    super(`The suite's own transaction ${hash} reverted${reason === undefined ? "" : `: ${reason}`}.`);
    this.reason = reason;
  }
}

/** One of several calls in a transaction, as Multicall3 takes it. */
interface ContractCall {
  readonly target: Address;
  readonly allowFailure: false;
  readonly callData: Hex;
}

/** An account that Anvil has unlocked and that nobody else here sends from; it sends one transaction at a time. */
export class Somebody {
  readonly address = getAddress("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");
  readonly #chain: ChainDeveloper;
  #last: Promise<unknown> = Promise.resolve();
  readonly #waiting: ContractCall[] = [];
  #together: Promise<Hash> | undefined;

  constructor(chain: ChainDeveloper) {
    this.#chain = chain;
  }

  /** Sends a call with all others that wait for their turn: many cases begin at once, and each needs an allowance of its own. */
  sendTogether(call: ContractCall): Promise<Hash> {
    this.#waiting.push(call);
    this.#together ??= this.send(multicall3, () => {
      this.#together = undefined;
      const args = [this.#waiting.splice(0)] as const;
      return encodeFunctionData({ abi: multicall3Abi, functionName: "aggregate3", args });
    });
    return this.#together;
  }

  /** Sends a call in turn: the node numbers the account's transactions itself and would give one number to two. */
  send(to: Address, data: Hex | (() => Hex)): Promise<Hash> {
    const sent = this.#last.then(async () => {
      const call = { to, data: typeof data === "function" ? data() : data };
      const hash = await this.#chain.sendTransaction({ account: this.address, ...call, chain: null });
      const { status } = await minedReceipt(this.#chain, hash);
      if (status !== "success") throw new Reverted(hash, await this.#reasonOf(call));
      return hash;
    });
    this.#last = sent.catch(() => {});
    return sent;
  }

  /** Why a call is refused, in the contract's words: made once more, without a transaction. */
  async #reasonOf(call: { readonly to: Address; readonly data: Hex }): Promise<string | undefined> {
    try {
      await this.#chain.call({ account: this.address, ...call });
      return undefined;
    } catch (error) {
      if (!(error instanceof BaseError)) return undefined;
      const reverted = error.walk((cause) => cause instanceof ExecutionRevertedError);
      return reverted instanceof ExecutionRevertedError ? wordsOf(reverted) : undefined;
    }
  }
}

/** Without what viem says around them. */
function wordsOf({ shortMessage }: ExecutionRevertedError): string | undefined {
  return /reverted with reason: (.*?)\.?$/.exec(shortMessage)?.[1];
}
