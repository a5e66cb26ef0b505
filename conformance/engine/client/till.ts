import { setTimeout as delay } from "node:timers/promises";
import { type Address, type Hash, isAddressEqual } from "viem";
import { type SignedAuthorization, signerOf } from "../../oracles/authorization.ts";
import type { ReceivedPermit } from "../../oracles/received-permit.ts";
import { isOfKeyHolder } from "../../oracles/signature-shape.ts";
import { field, type Json, type JsonObject } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import type { TokenDomain } from "../ground.ts";
import type { OnChain } from "../on-chain.ts";
import { Reverted } from "../somebody.ts";
import { formFault } from "./form.ts";
import { chargeOf, examinePermit, schemeOf } from "./permits.ts";
import { boundsOf, type SeenPayment } from "./received.ts";
import { secondOf, timeFault } from "./validity.ts";

/** Where the money is. */
export interface Market {
  readonly chainId: number;
  /** CAIP-2. */
  readonly network: string;
  readonly asset: Address;
  readonly onChain: Pick<OnChain, "spend" | "spendPermit" | "allowanceOf" | "facilitator" | "hasCode">;
  /** Gives a payer money before it pays, where the client brought one of its own. */
  readonly fund?: ((payer: Address) => Promise<void>) | undefined;
  /** Lets Permit2 take that money, likewise. */
  readonly allow?: ((payer: Address) => Promise<void>) | undefined;
}

/** Whether a payment pays for what was offered. */
export type Examined =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly why: string;
      /** Permit2 may not take the price out of the payer's account; nothing else is wrong. */
      readonly lacksAllowance?: true;
    };

/** Whether the money was taken. */
export type Taken =
  | { readonly ok: true; readonly transaction: Hash }
  | { readonly ok: false; readonly why: string };

/**
 * The shop's till: reads, verifies and settles payments with nothing of the sandbox but its chain, so that the
 * judge shares no code with the reference client that it judges.
 */
export class Till {
  readonly #market: Market;
  readonly #taken = new Map<string, Promise<Taken>>();

  constructor(market: Market) {
    this.#market = market;
  }

  /** Transfers that this till has made. */
  async transfers(): Promise<number> {
    const all = await Promise.all(this.#taken.values());
    return all.filter(({ ok }) => ok).length;
  }

  /** Holds a payment against the offered entries, as an honest seller does before it serves. */
  async examine(
    { protocol, authorization, permit, problem }: SeenPayment,
    entries: readonly JsonObject[],
  ): Promise<Examined> {
    if (permit !== undefined) return examinePermit(permit, entries, this.#market);
    if (authorization === undefined) return { ok: false, why: `the payment cannot be read: ${problem}` };
    const terms = entries.flatMap((entry) => this.#termsOf(protocol, entry) ?? []);
    const met = terms.find(
      ({ amount, payTo }) => amount === authorization.value && isAddressEqual(payTo, authorization.to),
    );
    if (met === undefined) return { ok: false, why: "the authorization pays nothing that was offered" };
    const fault =
      (await formFault(formOf(authorization), (account) => this.#market.onChain.hasCode(account))) ??
      timeFault(authorization, secondOf(Date.now()));
    if (fault !== undefined) return { ok: false, why: fault };
    // A smart account signs as it likes; whether it did, only the chain can say.
    if (!isOfKeyHolder(authorization)) return { ok: true };
    const { chainId, asset } = this.#market;
    const signer = await signerOf(authorization, { ...met.domain, chainId, verifyingContract: asset });
    return signer !== undefined && isAddressEqual(signer, authorization.from)
      ? { ok: true }
      : { ok: false, why: "the signature is not the payer's" };
  }

  /** Takes the money; one authorization is taken once, however often it is presented. */
  take(payment: SeenPayment): Promise<Taken> {
    const bounds = boundsOf(payment);
    if (bounds === undefined) return Promise.resolve({ ok: false, why: "there is no authorization" });
    const key = `${bounds.from}${bounds.nonce}`.toLowerCase();
    const taken = this.#taken.get(key) ?? this.#spend(payment, bounds.from);
    this.#taken.set(key, taken);
    return taken;
  }

  async #spend({ authorization, permit }: SeenPayment, from: Address): Promise<Taken> {
    await this.#market.fund?.(from);
    try {
      if (permit !== undefined) return await this.#spendPermit(permit);
      if (authorization === undefined) return { ok: false, why: "there is no authorization" };
      const { signature, ...order } = authorization;
      await untilPast(order.validAfter);
      return { ok: true, transaction: await this.#market.onChain.spend(order, signature) };
    } catch (error) {
      // The token says no. Anything else is a fault of the suite.
      if (error instanceof Reverted) return { ok: false, why: refusalBy(error) };
      throw error;
    }
  }

  async #spendPermit(permit: ReceivedPermit): Promise<Taken> {
    const { onChain } = this.#market;
    const scheme = schemeOf(permit);
    if (scheme === undefined) return { ok: false, why: "nobody may use the permit" };
    const { facilitator } = permit.witness;
    if (scheme === "upto" && (facilitator === undefined || !isAddressEqual(facilitator, onChain.facilitator)))
      return { ok: false, why: "another facilitator would have to settle it" };
    const charge = chargeOf(scheme, permit.permitted.amount);
    return { ok: true, transaction: await onChain.spendPermit(scheme, permit, charge) };
  }

  /** What an entry asks for, if it can be paid on the run's own chain. */
  #termsOf(protocol: ProtocolId, entry: JsonObject) {
    const { priceField, networkName } = dialects[protocol];
    const { network, asset } = this.#market;
    const amount = field(entry, priceField);
    const payTo = field(entry, "payTo");
    const offered = field(entry, "asset");
    const domain = domainIn(field(entry, "extra"));
    if (typeof amount !== "string" || !/^\d+$/.test(amount)) return undefined;
    if (!isAddressText(payTo) || !isAddressText(offered) || !isAddressEqual(offered, asset)) return undefined;
    if (field(entry, "network") !== networkName(network) || domain === undefined) return undefined;
    return { amount: BigInt(amount), payTo, domain };
  }
}

/** That the token said no, in its own words where it has any. */
function refusalBy({ reason }: Reverted): string {
  return `the token refused the transfer${reason === undefined ? "" : `: ${reason}`}`;
}

/**
 * A token takes an authorization in the second after `validAfter` at the earliest, a client may sign from that very
 * second on: who settles waits for what is left of it.
 */
async function untilPast(validAfter: bigint): Promise<void> {
  const left = (Number(validAfter) + 1) * 1_000 - Date.now();
  if (left > 0 && left <= 1_000) await delay(left);
}

function formOf({ from, signature, nonce, value, validAfter, validBefore }: SignedAuthorization) {
  return { from, signature, nonce, numbers: [value, validAfter, validBefore] };
}

function domainIn(extra: Json | undefined): TokenDomain | undefined {
  const name = field(extra, "name");
  const version = field(extra, "version");
  return typeof name === "string" && typeof version === "string" ? { name, version } : undefined;
}

function isAddressText(value: Json | undefined): value is Address {
  return typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value);
}
