import type { Transfer } from "#sandbox";
import { field, type Json, parseJson, type WireAnswer, type WireRequest } from "../../oracles/wire/index.ts";
import type { Check } from "../exchange.ts";
import type { AnyOrder } from "./permit-order.ts";

/** One call of the facilitator, its answer, and what the chain says happened meanwhile. */
export interface Reply {
  readonly request: WireRequest;
  readonly answer: WireAnswer;
  /** The body as JSON; `undefined` when it is none. */
  readonly json: Json | undefined;
  /** What it was about, when it was about an order. */
  readonly order?: AnyOrder | undefined;
  /** The payer's transfers since the call was sent. */
  readonly transfers: () => Promise<readonly Transfer[]>;
  /** Transactions since the call was sent that carry the order's authorization, whether they succeeded or not. */
  readonly broadcasts: () => Promise<readonly Broadcast[]>;
}

/** A transaction that carries an order's authorization. */
export interface Broadcast {
  readonly hash: string;
  readonly from: string;
  readonly mined: boolean;
}

export type ReplyCheck = Check<Reply>;
export type RepliesCheck = Check<readonly Reply[]>;

/** Reads an answer's body. */
export function jsonOf({ body }: WireAnswer): Json | undefined {
  return parseJson(body);
}

/** Whether a reply says that the money moved. */
export function isReportedSettled({ json }: Reply): boolean {
  return field(json, "success") === true;
}
