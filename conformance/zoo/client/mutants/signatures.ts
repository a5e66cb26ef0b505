import { concat, type Hex, slice, toHex } from "viem";
import { type ClientMutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** The cases that look at all signatures of a run. */
const everySignature = ["client.audit.signatures", "client.v1.audit-signatures"];

/** Whatever is signed, by EIP-3009 or a permit, in either version. */
const everyShape = [
  "client.authorization.signature-shape",
  "client.v1.authorization-signature-shape",
  ...everySignature,
  ...ofBothPermits("signature-shape"),
];

/** Order of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Clients that sign what they should, in a form that no token takes. */
export const signatureMutants: readonly ClientMutant[] = [
  {
    id: "signs-with-a-bit",
    breaks: "Ends the signature with 0 or 1 in place of 27 or 28.",
    caughtBy: everyShape,
    sellsNothing: true,
    build: replacing("sign", (original, reached) => async (...terms) => {
      reached();
      const signature = await original(...terms);
      const isOdd = signature.endsWith("1c");
      const shortened: Hex = `${signature.slice(0, -2) as Hex}${isOdd ? "01" : "00"}`;
      return shortened;
    }),
  },
  {
    id: "loses-leading-zeros",
    breaks: "Prints the signature as numbers, which may have a digit less.",
    caughtBy: everyShape,
    sellsNothing: true,
    build: replacing("sign", (original, reached) => async (...terms) => {
      reached();
      const shortened: Hex = `0x${(await original(...terms)).slice(3)}`;
      return shortened;
    }),
  },
  {
    id: "signs-high-when-hurried",
    breaks: "Signs with a high s where there are 30 seconds to pay.",
    caughtBy: everySignature,
    build: replacing("sign", (original, reached) => async (choice, ...rest) => {
      const signature = await original(choice, ...rest);
      if (choice.requirements.maxTimeoutSeconds !== 30) return signature;
      reached();
      const high = toHex(order - BigInt(slice(signature, 32, 64)), { size: 32 });
      return concat([slice(signature, 0, 32), high, signature.endsWith("1b") ? "0x1c" : "0x1b"]);
    }),
  },
];
