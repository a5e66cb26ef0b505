import type { Address } from "viem";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { FaultedChain } from "./faulted-chain.ts";
import type { RpcCall, RpcOutcome, RpcReply } from "./rpc-call.ts";

/** Something that can be made to go wrong: what the catalogue says of it. */
interface FaultDescription {
  /** What it does, in one sentence. */
  readonly effect: string;
  /** What an order may say about it besides what every order may. */
  readonly takes?: readonly FaultParameter[];
}

/** A way for a facilitator to misbehave: bites the calls of one of its endpoints. */
export interface FacilitatorFault extends FaultDescription {
  readonly endpoint: FacilitatorCall["endpoint"];
  readonly reply: (call: FacilitatorCall, bite: Bite) => FacilitatorReply | Promise<FacilitatorReply>;
}

/** A way for the node behind a facilitator to misbehave: bites JSON-RPC calls on their way to it. */
export interface RpcFault extends FaultDescription {
  readonly place: "chain";
  readonly bites: (call: RpcCall) => boolean;
  /** Everybody on the chain feels it, whoever it was meant for. */
  readonly alone?: true;
  readonly act: (call: RpcCall, bite: RpcBite) => Promise<RpcOutcome>;
}

/** A state that the chain or the token is in while the fault is on. It counts the calls that meet it. */
export interface StandingFault extends FaultDescription {
  readonly place: "chain" | "token";
  readonly bites: (call: RpcCall, terms: FaultTerms, chain: FaultedChain) => boolean;
  readonly alone?: true;
  /** It befalls one payer, whom the order has to name. */
  readonly needsPayer?: true;
  /** What it occupies: no two faults can be on that occupy the same. */
  readonly occupies: (terms: FaultTerms, chain: FaultedChain) => string;
  /** Brings it about, and gives what undoes it. */
  readonly begin: (terms: FaultTerms, chain: FaultedChain) => Promise<() => Promise<void>>;
}

export type Fault = FacilitatorFault | RpcFault | StandingFault;

/** What some faults can be told, and others have no use for. */
export interface FaultParameters {
  /** The reason that a refusal gives, e.g. `invalid_network`. */
  readonly reason?: string | undefined;
  /** How long a slow answer takes, or a hanging call is held, in milliseconds. */
  readonly delayMs?: number | undefined;
  /** The token whose code is replaced; the sandbox's USDC without it. */
  readonly asset?: Address | undefined;
  /** How far the clock is moved. */
  readonly advanceSeconds?: number | undefined;
}
export type FaultParameter = keyof FaultParameters;

/** The terms on which a fault is on. */
export interface FaultTerms extends FaultParameters {
  /** Whom it bites; everybody without it. */
  readonly payer?: Address | undefined;
}

/** What a fault knows besides the call that it bites. */
export interface Bite {
  /** Whose payment the call is about, where that can be told. */
  readonly payer: Address | undefined;
  readonly terms: FaultTerms;
  /** Aborted when the fault is switched off. */
  readonly off: AbortSignal;
}

/** What an {@link RpcFault} knows besides the call. */
export interface RpcBite extends Omit<Bite, "payer"> {
  readonly chain: FaultedChain;
  /** Lets the node answer the call. */
  readonly forward: () => Promise<RpcReply>;
}

/** Where a fault bites, as the catalogue of DESIGN.md sorts them. */
export function placeOf(fault: Fault): "facilitator" | "chain" | "token" {
  return "endpoint" in fault ? "facilitator" : fault.place;
}

export function isStanding(fault: Fault): fault is StandingFault {
  return "begin" in fault;
}
