import type { LocalAccount } from "viem";
import {
  type Address,
  concat,
  encodeFunctionData,
  getAddress,
  type Hash,
  type Hex,
  maxUint256,
  multicall3Abi,
  parseAbiItem,
  toFunctionSelector,
} from "viem";
import {
  type ChainDeveloper,
  developerOf,
  minedReceipt,
  type SandboxDescription,
  smartAccountCode,
  usdcAbi,
} from "#sandbox";
import type { Authorization, AuthorizationDomain } from "../oracles/authorization.ts";
import { type Allowance, allowanceTypes, type PermitScheme } from "../oracles/permit2.ts";
import type { ReceivedPermit } from "../oracles/received-permit.ts";
import { settlementCall } from "./permit-settlement.ts";
import { same } from "./signing.ts";

/** An account that Anvil has unlocked and that nobody else here sends from: somebody on the chain. */
const somebody = getAddress("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");

/** Makes several calls in one transaction; the sandbox's chains have it at its canonical address. */
const multicall3 = getAddress("0xcA11bde05977b3631167028862bE2a173976CA11");

/** Wei that pays for any transaction. */
const gasMoney = 10n ** 18n;

/** Where the worthless token lives; nothing else does. */
const worthlessToken = getAddress("0x0000000000000000000000000000000000402402");

/** Where the token lives that knows no permits. */
const permitlessToken = getAddress("0x0000000000000000000000000000000000402403");

/** The function by which proxies send an allowance to its token. */
const permitSelector = toFunctionSelector("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)");

const approvalEvent = parseAbiItem(
  "event Approval(address indexed owner, address indexed spender, uint256 value)",
);

/** Of no function; so near that it stands where the other did in the order of selectors. */
const anotherSelector = "0xd505acce";

/** How the code of an account begins that delegates to the address that follows (EIP-7702). */
const delegationPrefix = "0xef0100";

/** The two ways in which an account can have code. */
export type SmartAccountKind = "contract" | "delegation";

const plenty = 1_000_000_000n;

/** An allowance that is good for a token, whoever sends it. */
export interface SignedAllowance {
  readonly token: Address;
  readonly allowance: Allowance;
  readonly signature: Hex;
}

/** What an allowance is to say, and how it is signed. */
export interface AllowanceTerms extends Pick<Allowance, "spender" | "value" | "deadline"> {
  /** The asset without it. */
  readonly token?: Address | undefined;
  /** Another allowance, signed as it is. */
  readonly change?: ((allowance: Allowance) => Allowance) | undefined;
  /** Who signs; the owner without it. */
  readonly signer?: LocalAccount | undefined;
}

/** A transaction of the suite's that the contract refused. */
export class Reverted extends Error {
  override readonly name = "Reverted";

  constructor(hash: Hash) {
    super(`The suite's own transaction ${hash} reverted.`);
  }
}

/** One of several calls in a transaction, as Multicall3 takes it. */
interface ContractCall {
  readonly target: Address;
  readonly allowFailure: false;
  readonly callData: Hex;
}

/** What somebody can do on the chain without asking anyone; one transaction at a time. */
export class OnChain {
  readonly #sandbox: SandboxDescription;
  readonly #chain: ChainDeveloper;
  #last: Promise<unknown> = Promise.resolve();
  readonly #approvals = new Map<string, Promise<void>>();
  readonly #waiting: ContractCall[] = [];
  #together: Promise<Hash> | undefined;

  constructor(sandbox: SandboxDescription) {
    this.#sandbox = sandbox;
    this.#chain = developerOf(sandbox.rpcUrl);
  }

  /**
   * Puts a copy of the asset's code at an address of its own and mints `holder` plenty: what somebody could do on any
   * chain to pay with nothing.
   */
  async giveWorthlessToken(holder: Address): Promise<Address> {
    return this.#giveToken(worthlessToken, await this.#assetCode(), holder);
  }

  /** The same with a token that knows no permits (EIP-2612): its function of that name has another selector. */
  async giveTokenWithoutPermits(holder: Address): Promise<Address> {
    const code = await this.#assetCode();
    const renamed = code.slice(2).replaceAll(permitSelector.slice(2), anotherSelector.slice(2));
    return this.#giveToken(permitlessToken, `0x${renamed}`, holder);
  }

  async #assetCode(): Promise<Hex> {
    const { asset } = this.#sandbox;
    const code = await this.#chain.getCode({ address: asset });
    if (code === undefined) throw new Error(`There is no code at ${asset}, the sandbox's asset.`);
    return code;
  }

  async #giveToken(address: Address, bytecode: Hex, holder: Address): Promise<Address> {
    await this.#chain.setCode({ address, bytecode });
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "mint", args: [holder, plenty] });
    await this.#send(address, data);
    return address;
  }

  /** Spends an authorization, as anyone may who holds it; gives the transaction. */
  async spend(
    { from, to, value, validAfter, validBefore, nonce }: Authorization,
    signature: Hex,
  ): Promise<Hash> {
    const args = [from, to, value, validAfter, validBefore, nonce, signature] as const;
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "transferWithAuthorization", args });
    return this.#send(this.#sandbox.asset, data);
  }

  /** Who settles permits here: the facilitator that permits of `upto` have to name. */
  get facilitator(): Address {
    return somebody;
  }

  /** Takes `charge` atomic units with a permit of a scheme; gives the transaction. */
  async spendPermit(scheme: PermitScheme, permit: ReceivedPermit, charge: bigint): Promise<Hash> {
    const { to, data } = settlementCall(scheme, permit, charge);
    return this.#send(to, data);
  }

  /** How much of the asset `spender` may take out of an account, in atomic units. */
  allowanceOf(owner: Address, spender: Address): Promise<bigint> {
    return this.#chain.readContract({
      address: this.#sandbox.asset,
      abi: usdcAbi,
      functionName: "allowance",
      args: [owner, spender],
    });
  }

  /**
   * Lets `spender` take any amount of the asset out of an account whose key nobody here has. Once, however often it is
   * asked: two transactions of one account at once would want the same place.
   */
  approveFor(owner: Address, spender: Address): Promise<void> {
    const name = `${owner} ${spender}`.toLowerCase();
    const approved = this.#approvals.get(name) ?? this.#approve(owner, spender);
    this.#approvals.set(name, approved);
    return approved;
  }

  /** Gives an account what pays for its transactions. */
  giveGas(account: Address): Promise<void> {
    return this.#chain.setBalance({ address: account, value: gasMoney });
  }

  /** Whom an account has ever allowed to take some of the asset, by a transaction or a signature. */
  async spendersAllowedBy(owner: Address): Promise<readonly Address[]> {
    const { asset: address } = this.#sandbox;
    const event = approvalEvent;
    const logs = await this.#chain.getLogs({ address, event, args: { owner }, fromBlock: 0n, strict: true });
    return logs.filter(({ args }) => args.value > 0n).map(({ args }) => args.spender);
  }

  async #approve(owner: Address, spender: Address): Promise<void> {
    const chain = this.#chain;
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "approve", args: [spender, maxUint256] });
    await this.giveGas(owner);
    await chain.impersonateAccount({ address: owner });
    const hash = await chain.sendTransaction({ account: owner, to: this.#sandbox.asset, data, chain: null });
    await minedReceipt(chain, hash);
  }

  /**
   * Makes an account a smart one for which `owner` signs: a contract of its own, or a delegation to one (EIP-7702).
   */
  async makeSmart(account: Address, owner: Address, kind: SmartAccountKind): Promise<void> {
    const chain = this.#chain;
    const code = await smartAccountCode(chain, owner);
    if (kind === "contract") return chain.setCode({ address: account, bytecode: code });
    // Any address will do for the contract that is delegated to; the owner's is nobody else's.
    await chain.setCode({ address: owner, bytecode: code });
    await chain.setCode({ address: account, bytecode: concat([delegationPrefix, owner]) });
  }

  /**
   * Lets `spender` take up to `amount` of a token, the asset without one, out of an account, whose owner signs for it
   * (EIP-2612).
   */
  async allow(owner: LocalAccount, spender: Address, amount: bigint, token?: Address): Promise<void> {
    const terms = { spender, value: amount, deadline: maxUint256, token };
    await this.sendAllowance(await this.signAllowance(owner, terms));
  }

  /** Signs what {@link OnChain.allow} would send, with the owner's next nonce; `change` is signed as changed. */
  async signAllowance(
    owner: LocalAccount,
    { token = this.#sandbox.asset, change = same, signer = owner, ...terms }: AllowanceTerms,
  ): Promise<SignedAllowance> {
    const { chainId } = this.#sandbox;
    const contract = { address: token, abi: usdcAbi } as const;
    const [name, version, nonce] = await Promise.all([
      this.#chain.readContract({ ...contract, functionName: "name" }),
      this.#chain.readContract({ ...contract, functionName: "version" }),
      this.#chain.readContract({ ...contract, functionName: "nonces", args: [owner.address] }),
    ]);
    const allowance = change({ owner: owner.address, nonce, ...terms });
    const signature = await signer.signTypedData({
      domain: { name, version, chainId, verifyingContract: token },
      types: allowanceTypes,
      primaryType: "Permit",
      message: { ...allowance },
    });
    return { token, allowance, signature };
  }

  /** Sends an allowance to its token, as anyone may who holds it. */
  async sendAllowance({ token, allowance, signature }: SignedAllowance): Promise<void> {
    const { owner, spender, value, deadline } = allowance;
    const args = [owner, spender, value, deadline, signature] as const;
    const callData = encodeFunctionData({ abi: usdcAbi, functionName: "permit", args });
    await this.#sendTogether({ target: token, allowFailure: false, callData });
  }

  /** Puts an account on the token's blacklist, as its issuer may. */
  async blacklist(account: Address): Promise<void> {
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "blacklist", args: [account] });
    await this.#send(this.#sandbox.asset, data);
  }

  /** Pauses the whole token while `action` runs. */
  async whilePaused<T>(action: () => Promise<T>): Promise<T> {
    await this.#send(this.#sandbox.asset, encodeFunctionData({ abi: usdcAbi, functionName: "pause" }));
    try {
      return await action();
    } finally {
      await this.#send(this.#sandbox.asset, encodeFunctionData({ abi: usdcAbi, functionName: "unpause" }));
    }
  }

  /** Cancels an authorization in its payer's name. */
  async cancel({ nonce }: Authorization, payer: LocalAccount, domain: AuthorizationDomain): Promise<void> {
    const signature = await payer.signTypedData({
      domain,
      types: {
        CancelAuthorization: [
          { name: "authorizer", type: "address" },
          { name: "nonce", type: "bytes32" },
        ],
      },
      primaryType: "CancelAuthorization",
      message: { authorizer: payer.address, nonce },
    });
    const args = [payer.address, nonce, signature] as const;
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "cancelAuthorization", args });
    await this.#send(this.#sandbox.asset, data);
  }

  /** With all others that wait for their turn: many cases begin at once, and each needs an allowance of its own. */
  #sendTogether(call: ContractCall): Promise<Hash> {
    this.#waiting.push(call);
    this.#together ??= this.#send(multicall3, () => {
      this.#together = undefined;
      const args = [this.#waiting.splice(0)] as const;
      return encodeFunctionData({ abi: multicall3Abi, functionName: "aggregate3", args });
    });
    return this.#together;
  }

  /** In turn: the node numbers the account's transactions itself and would give one number to two. */
  #send(to: Address, data: Hex | (() => Hex)): Promise<Hash> {
    const sent = this.#last.then(async () => {
      const call = { to, data: typeof data === "function" ? data() : data };
      const hash = await this.#chain.sendTransaction({ account: somebody, ...call, chain: null });
      const { status } = await minedReceipt(this.#chain, hash);
      if (status !== "success") throw new Reverted(hash);
      return hash;
    });
    this.#last = sent.catch(() => {});
    return sent;
  }
}
