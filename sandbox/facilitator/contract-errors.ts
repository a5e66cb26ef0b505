import {
  AbiDecodingZeroDataError,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  ExecutionRevertedError,
  RpcRequestError,
} from "viem";

/** Whether a contract, or an address without code, does not know the function that was called. */
export function isNoSuchFunction(error: unknown): boolean {
  return (
    find(error, ContractFunctionZeroDataError) !== undefined ||
    find(error, ContractFunctionRevertedError) !== undefined
  );
}

/** Whether a plain call reached a contract that reverted, or code that answers nothing; an outage is neither. */
export function isRevert(error: unknown): boolean {
  return (
    find(error, ExecutionRevertedError) !== undefined || find(error, AbiDecodingZeroDataError) !== undefined
  );
}

/** The reason that a contract gave for reverting; `undefined` when the error is something else, e.g. an outage. */
export function revertReason(error: unknown): string | undefined {
  const reverted = find(error, ContractFunctionRevertedError);
  return reverted && (reverted.reason ?? reverted.shortMessage);
}

/** What the node answered when it refused a call; `undefined` when it did not answer. */
export function nodeRefusal(error: unknown): string | undefined {
  return find(error, RpcRequestError)?.details;
}

function find<T extends Error>(error: unknown, kind: new (...args: never[]) => T): T | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const found = error.walk((inner) => inner instanceof kind);
  return found instanceof kind ? found : undefined;
}
