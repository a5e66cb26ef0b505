import { type Hex, keccak256, slice, toHex } from "viem";
import type { Payment } from "../../engine/seller/index.ts";
import { rewritten } from "./payment-text.ts";

/** What tells one authorization from another. */
const identifying = ["nonce", "from"] as const;

/** A second key beside the one that holds what was signed. */
interface SecondKey {
  readonly key: (typeof identifying)[number];
  /** How it is spelled: as the first one, or so that only readers who fold letter case take it for the same. */
  readonly spelled: string;
  readonly place: "before" | "after";
}

const secondKeys: readonly SecondKey[] = identifying.flatMap((key) =>
  [key, key.toUpperCase()].flatMap((spelled) =>
    (["before", "after"] as const).map((place) => ({ key, spelled, place })),
  ),
);

/**
 * A signed payment, `times` times for each way to say twice who pays or which authorization it is. Beside what was
 * signed stands, under a second key, a value that no other copy has: who takes that one for the payment's own never sees
 * the same payment twice.
 *
 * @throws Error when the payment does not say what was signed: a fault of the case
 */
export function withSecondKeys(payment: Payment, times: number): Payment[] {
  return secondKeys.flatMap((second) =>
    Array.from({ length: times }, (_, copy) => withSecondKey(payment, second, copy)),
  );
}

function withSecondKey(payment: Payment, { key, spelled, place }: SecondKey, copy: number): Payment {
  const signed = `"${key}":"${payment.authorization[key]}"`;
  const another = `"${spelled}":"${otherThan(payment.authorization[key], `${spelled} ${place} ${copy}`)}"`;
  const both = place === "before" ? `${another},${signed}` : `${signed},${another}`;
  const write = rewritten((text) => {
    if (!text.includes(signed)) throw new Error(`The payment does not say ${signed}.`);
    return text.replace(signed, both);
  });
  return { ...payment, header: write(payment.header) };
}

/** Another value of the same size, the same for the same `label`. */
function otherThan(value: Hex, label: string): Hex {
  const size = (value.length - 2) / 2;
  return slice(keccak256(toHex(`${value} ${label}`)), 0, size);
}
