import type { Address, Hex } from "viem";
import type { Transfer } from "#sandbox";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { type Check as AnyCheck, Exchange } from "../exchange.ts";
import type { TokenDomain } from "../ground.ts";
import type { Outcome } from "./errand.ts";
import type { Received, RequestText } from "./received.ts";

/** One errand of the client: what it sent, what it was asked, how it ended, and what moved on chain. */
export interface Observed {
  readonly protocol: ProtocolId;
  /** What the client was told to send; `undefined` for one that is told no more than an address. */
  readonly told: RequestText | undefined;
  /** Every request, oldest first, at the shop and at the other host. */
  readonly requests: readonly Received[];
  /** The same: those of the errand, and those of another one to the same address. */
  readonly errands: readonly [readonly Received[], readonly Received[]];
  /** Host and port of the shop itself. */
  readonly authority: string;
  /** The private key that the client was given to pay with. */
  readonly secret: Hex;
  /** Every entry of `accepts` that was offered. */
  readonly offered: readonly JsonObject[];
  /** Every challenge that was sent. */
  readonly challenges: readonly Json[];
  readonly outcome: Outcome;
  /** The end of what is sold: a caller that got to see it got the whole. */
  readonly code: string;
  /** Why the shop refused payments that it would have taken, had they been right. */
  readonly refusals: readonly string[];
  /** How often it was handed over. */
  readonly deliveries: number;
  /** Whom the payer has allowed to take the asset out of its account. */
  readonly allowedSpenders: () => Promise<readonly Address[]>;
  /** The payer's transfers from the beginning of the errand to its end. */
  readonly transfers: readonly Transfer[];
  readonly price: bigint;
  /** What an honest shop takes: the price, or of `upto` a part of it. */
  readonly cost: bigint;
  /** Who settles `upto` for the shop. */
  readonly facilitator: Address;
  readonly payTo: Address;
  /** Whether the payer is the key holder that was given; a client that comes by itself may pay as a smart account. */
  readonly payerIsGiven: boolean;
  readonly chainId: number;
  readonly asset: Address;
  readonly tokenDomain: TokenDomain;
  /** Keeps for the report what the client decided where the rule leaves it to the client. */
  readonly decided: (sentence: string) => void;
}

/** Holds an errand against a rule; throws a Finding when it is broken. */
export type Check = AnyCheck<Observed>;

/** An errand that a case is about to send the client on, with what is expected of it. */
export class Visit extends Exchange<Observed> {}
