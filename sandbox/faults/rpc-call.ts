import { type Address, type Hex, isHex } from "viem";
import { z } from "zod";

/** A JSON-RPC call on its way to a node. */
export const rpcCallSchema = z.looseObject({
  id: z.union([z.number(), z.string(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});
export type RpcCall = z.infer<typeof rpcCallSchema>;

/** What a node answers to one call, without the id. */
export const rpcReplySchema = z.looseObject({
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
export type RpcReply = z.infer<typeof rpcReplySchema>;

/** What becomes of a call that a fault bites. The last two befall the whole HTTP request that it came in. */
export type RpcOutcome =
  | { readonly kind: "reply"; readonly reply: RpcReply }
  /** The fault turned out to have nothing to do with it; `reply` is the node's. */
  | { readonly kind: "spared"; readonly reply: RpcReply }
  | { readonly kind: "hang-up" }
  | { readonly kind: "status"; readonly status: number };

/** Whether a call speaks of an account: in its parameters, in calldata, or in a signed transaction. */
export function mentions(call: RpcCall, address: Address): boolean {
  return JSON.stringify(call.params ?? [])
    .toLowerCase()
    .includes(address.slice(2).toLowerCase());
}

/** The signed transaction that a call sends, if that is what it does. */
export function rawTransactionIn({ method, params = [] }: RpcCall): Hex | undefined {
  const [raw] = params;
  return method === "eth_sendRawTransaction" && isHex(raw) ? raw : undefined;
}

/** Whether a call sends a signed transaction. */
export function sendsTransaction(call: RpcCall): boolean {
  return rawTransactionIn(call) !== undefined;
}
