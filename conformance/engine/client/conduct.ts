import type { PermitScheme } from "../../oracles/permit2.ts";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { Demand } from "./demand.ts";
import type { Host } from "./received.ts";

/** How a shop meets a client, as data; nothing of it makes an honest shop. */
export interface Conduct {
  /** What is different about how it asks for money. */
  readonly asks?: Demand;
  /** How it asks from the second request without a payment on, where that is otherwise. */
  readonly asksLater?: Demand;
  /** It takes this scheme by Permit2, and not `exact` by EIP-3009. Only for x402 v2. */
  readonly byPermit2?: PermitScheme;
  /**
   * The payer has not allowed Permit2 to take anything, and the shop says so: with 412, or as the official sellers do
   * with 402 and the code in lower case.
   */
  readonly withoutAllowance?: 412 | 402;
  /** What it does with the first paid request, the second, and so on; the last repeats. It delivers without any. */
  readonly answers?: readonly PaidAnswer[];
  /** What the client is told to send; a plain GET without it. */
  readonly errand?: ErrandChange;
  /** The time zone in the client's environment (IANA); that of the machine without it. */
  readonly timeZone?: string;
  /** The client's caller gives up when the first request is on its way, before it is answered. */
  readonly callerGivesUp?: true;
  /** When the client is done, it is sent to the same address once more, with the same payer. */
  readonly twice?: true;
  /** The payer holds plenty of {@link worthlessToken}. */
  readonly holdsWorthlessToken?: true;
  /** The payer is that of every other errand of the case that says so, too. */
  readonly samePayer?: true;
}

/** What the client is told to send instead of a plain GET. */
export interface ErrandChange {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly asRequest?: true;
}

/** What a shop does with a valid payment. What is no valid payment it refuses, whatever it would have done. */
export type PaidAnswer =
  | {
      readonly kind: "deliver";
      /** Another receipt: JSON, or a header value as it is; none when it gives `undefined`. */
      readonly receipt?: (honest: JsonObject) => Json | undefined | { readonly raw: string };
      /** It turns out to cost nothing, as `upto` may: nothing is taken, and the receipt says so. */
      readonly free?: true;
      /** The body comes in pieces, with pauses. */
      readonly slowly?: true;
      /** The connection ends in the middle of the body. */
      readonly breaksOff?: true;
      /** Another status than 200. */
      readonly status?: number;
    }
  | {
      readonly kind: "ask-again";
      readonly asks: Demand;
      readonly error: string;
      /** Whether it takes the money all the same. */
      readonly takesMoney: boolean;
      readonly receipt?: (honest: JsonObject) => Json;
    }
  | {
      readonly kind: "fail";
      readonly status: number;
      readonly takesMoney: boolean;
      readonly afterMs: number;
      /** The receipt of the money that was taken comes with it. */
      readonly hasReceipt: boolean;
    }
  | { readonly kind: "hang-up"; readonly takesMoney: boolean }
  /** Nothing is said until the client hangs up, or for as long as the run lets a shop be silent; then the connection ends. */
  | { readonly kind: "silence"; readonly takesMoney: boolean }
  | { readonly kind: "move"; readonly status: number; readonly to: Host; readonly takesMoney: boolean };

type Deliver = Extract<PaidAnswer, { kind: "deliver" }>;
type AskAgain = Extract<PaidAnswer, { kind: "ask-again" }>;

/** Takes the money and delivers, with an honest receipt unless told otherwise. */
export function delivers(change: Omit<Deliver, "kind"> = {}): PaidAnswer {
  return { kind: "deliver", ...change };
}

/** Answers a valid payment with another 402. */
export function asksAgain(
  asks: Demand = {},
  { error = "Payment required", takesMoney = false, receipt }: Partial<Omit<AskAgain, "kind" | "asks">> = {},
): PaidAnswer {
  return { kind: "ask-again", asks, error, takesMoney, ...(receipt === undefined ? {} : { receipt }) };
}

/** Answers a valid payment with an error. */
export function fails(
  status: number,
  { takesMoney = false, afterMs = 0, hasReceipt = false } = {},
): PaidAnswer {
  return { kind: "fail", status, takesMoney, afterMs, hasReceipt };
}

/** Ends the connection in place of an answer. */
export function hangsUp({ takesMoney = false } = {}): PaidAnswer {
  return { kind: "hang-up", takesMoney };
}

/** Says nothing until the client hangs up, or for longer than clients like to wait. */
export function staysSilent({ takesMoney = false } = {}): PaidAnswer {
  return { kind: "silence", takesMoney };
}

/** Sends the paid request on to another host. */
export function movesAway(status: number): PaidAnswer {
  return { kind: "move", status, to: "stranger", takesMoney: false };
}

/** Sends the paid request on to another address of the shop's own. */
export function movesWithin(status: number, { takesMoney = false } = {}): PaidAnswer {
  return { kind: "move", status, to: "shop", takesMoney };
}
