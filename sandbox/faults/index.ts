/** The door of the faults: what can be made to go wrong, and what is going wrong now. */
export { type ActiveFault, FaultBoard } from "./board.ts";
export { type CatalogueEntry, catalogue, type FaultName } from "./catalogue.ts";
export type { FaultParameters } from "./fault.ts";
export { type FaultedChain, faultedChain } from "./faulted-chain.ts";
export { type FaultOrder, faultOrderSchema } from "./order.ts";
export { type RpcFront, startRpcFront } from "./rpc-front.ts";
