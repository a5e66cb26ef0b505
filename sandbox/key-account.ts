import { createRequire } from "node:module";
import type { Hex, LocalAccount } from "viem";
import { privateKeyToAccount, publicKeyToAddress, toAccount } from "viem/accounts";
import { hashMessage, hashTypedData, hexToBytes, keccak256, serializeTransaction, toHex } from "viem/utils";
import { authorizationHash, isAuthorizationTypedData } from "./protocol/index.ts";

const secp256k1 = loadSecp256k1();

/**
 * viem's `privateKeyToAccount`, with the curve in WebAssembly: the same signatures (RFC 6979), in a fifth of the time.
 * Where WebAssembly does not run, it is viem's own, in JavaScript.
 *
 * @throws Error when the key is not 32 bytes that make a key
 * @example
 * const buyer = openBuyer({ signer: keyAccount(privateKey), maxAmount: 10_000n });
 */
export function keyAccount(privateKey: Hex): LocalAccount {
  if (secp256k1 === undefined) return privateKeyToAccount(privateKey);
  const { pointFromScalar, signRecoverable } = secp256k1;
  const key = hexToBytes(privateKey);
  const publicKey = pointFromScalar(key, false);
  if (publicKey === null) throw new Error("The private key is the key of nobody: it is zero, or too large.");

  const signatureOf = (hash: Hex) => {
    const { signature, recoveryId } = signRecoverable(hexToBytes(hash), key);
    return { rs: toHex(signature), yParity: recoveryId };
  };
  const sign = (hash: Hex): Hex => {
    const { rs, yParity } = signatureOf(hash);
    return `${rs}${yParity === 0 ? "1b" : "1c"}`;
  };

  return toAccount({
    address: publicKeyToAddress(toHex(publicKey)),
    sign: async ({ hash }) => sign(hash),
    signMessage: async ({ message }) => sign(hashMessage(message)),
    signTypedData: async (typedData) =>
      sign(isAuthorizationTypedData(typedData) ? authorizationHash(typedData) : hashTypedData(typedData)),
    signTransaction: async (transaction, { serializer = serializeTransaction } = {}) => {
      const { rs, yParity } = signatureOf(keccak256(await serializer(transaction)));
      const r: Hex = `0x${rs.slice(2, 66)}`;
      const s: Hex = `0x${rs.slice(66)}`;
      return serializer(transaction, { r, s, yParity, v: yParity === 0 ? 27n : 28n });
    },
  });
}

/**
 * secp256k1 in WebAssembly; `undefined` where that does not run. Required and not awaited: a thread that is ended while
 * its modules wait for one of them takes the process down with it (nodejs/node#53238), so Ctrl-C would be a crash.
 */
function loadSecp256k1(): typeof import("tiny-secp256k1") | undefined {
  try {
    return createRequire(import.meta.url)("tiny-secp256k1");
  } catch {
    return undefined;
  }
}
