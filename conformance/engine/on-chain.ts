import type { LocalAccount } from "viem";
import {
  type Address,
  concat,
  encodeFunctionData,
  getAddress,
  type Hash,
  type Hex,
  maxUint256,
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
import type { PermitScheme } from "../oracles/permit2.ts";
import type { ReceivedPermit } from "../oracles/received-permit.ts";
import { type AllowanceTerms, type SignedAllowance, signAllowance } from "./allowance-signing.ts";
import { settlementCall } from "./permit-settlement.ts";
import { Somebody } from "./somebody.ts";

/** Wei that pays for any transaction. */
const gasMoney = 10n ** 18n;

/** Where the worthless token lives; nothing else does. */
export const worthlessToken = getAddress("0x0000000000000000000000000000000000402402");

/** Where the token lives that knows no permits; the sandbox keeps what it needs at 402403. */
const permitlessToken = getAddress("0x0000000000000000000000000000000000402404");

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

/** What somebody can do on the chain without asking anyone. */
export class OnChain {
  readonly #sandbox: SandboxDescription;
  readonly #chain: ChainDeveloper;
  readonly #somebody: Somebody;
  readonly #approvals = new Map<string, Promise<void>>();

  constructor(sandbox: SandboxDescription) {
    this.#sandbox = sandbox;
    this.#chain = developerOf(sandbox.rpcUrl);
    this.#somebody = new Somebody(this.#chain);
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
    await this.#somebody.send(address, data);
    return address;
  }

  /** Spends an authorization, as anyone may who holds it; gives the transaction. */
  async spend(
    { from, to, value, validAfter, validBefore, nonce }: Authorization,
    signature: Hex,
  ): Promise<Hash> {
    const args = [from, to, value, validAfter, validBefore, nonce, signature] as const;
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "transferWithAuthorization", args });
    return this.#somebody.send(this.#sandbox.asset, data);
  }

  /** Who settles permits here: the facilitator that permits of `upto` have to name. */
  get facilitator(): Address {
    return this.#somebody.address;
  }

  /** Takes `charge` atomic units with a permit of a scheme; gives the transaction. */
  async spendPermit(scheme: PermitScheme, permit: ReceivedPermit, charge: bigint): Promise<Hash> {
    const { to, data } = settlementCall(scheme, permit, charge);
    return this.#somebody.send(to, data);
  }

  /** Whether an account is a contract, or delegates to one: no others can sign but by their key. */
  async hasCode(address: Address): Promise<boolean> {
    return (await this.#chain.getCode({ address })) !== undefined;
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

  /** Signs what {@link OnChain.allow} would send; `change` is signed as changed. */
  signAllowance(owner: LocalAccount, terms: AllowanceTerms): Promise<SignedAllowance> {
    return signAllowance(this.#chain, this.#sandbox, owner, terms);
  }

  /** Sends an allowance to its token, as anyone may who holds it. */
  async sendAllowance({ token, allowance, signature }: SignedAllowance): Promise<void> {
    const { owner, spender, value, deadline } = allowance;
    const args = [owner, spender, value, deadline, signature] as const;
    const callData = encodeFunctionData({ abi: usdcAbi, functionName: "permit", args });
    await this.#somebody.sendTogether({ target: token, allowFailure: false, callData });
  }

  /** Puts an account on the token's blacklist, as its issuer may. */
  async blacklist(account: Address): Promise<void> {
    const data = encodeFunctionData({ abi: usdcAbi, functionName: "blacklist", args: [account] });
    await this.#somebody.send(this.#sandbox.asset, data);
  }

  /** Pauses the whole token while `action` runs. */
  async whilePaused<T>(action: () => Promise<T>): Promise<T> {
    await this.#somebody.send(
      this.#sandbox.asset,
      encodeFunctionData({ abi: usdcAbi, functionName: "pause" }),
    );
    try {
      return await action();
    } finally {
      await this.#somebody.send(
        this.#sandbox.asset,
        encodeFunctionData({ abi: usdcAbi, functionName: "unpause" }),
      );
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
    await this.#somebody.send(this.#sandbox.asset, data);
  }
}
