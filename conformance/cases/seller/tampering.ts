import { concat, type Hex, hexToNumber, numberToHex, slice } from "viem";
import {
  type Case,
  type Check,
  defineCase,
  noCrash,
  type PaymentChange,
  soldOrTurnedAway,
  status,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** Somebody who has nothing to do with the sale. */
export const stranger = "0x000000000000000000000000000000000000dEaD";

/** One thing changed in an otherwise honest payment. `change` is signed as changed. */
export interface Tampering extends Pick<Case, "id" | "requirement" | "title" | "protocol"> {
  readonly change: PaymentChange | ((t: Trader) => PaymentChange);
}

/** A case that shows that the honest payment is served, and that the changed one is turned away. */
export function tampered({ change, ...definition }: Tampering): Case {
  return defineCase({
    ...definition,
    control: aSale,
    probe: (t) => t.buy(typeof change === "function" ? change(t) : change).expect(turnedAway),
  });
}

/** Several ways of doing one thing to an otherwise honest payment, by what they do. */
export interface Tamperings extends Pick<Case, "id" | "requirement" | "title"> {
  readonly changes: Changes | ((t: Trader) => Changes);
}

type Changes = Readonly<Record<string, PaymentChange>>;

/** A case that shows that the honest payment is served, and that each of the changed ones is turned away. */
export function eachTampered({ changes, ...definition }: Tamperings): Case {
  return defineCase({
    ...definition,
    control: aSale,
    probe: (t) => tryEach(t, changes, turnedAway),
  });
}

/**
 * A case about payments that a seller may take or refuse: only what is neither breaks the rule. No refusal has to be
 * proven, so the control is only that there is something to pay for.
 */
export function eachEitherWay({ changes, ...definition }: Tamperings): Case {
  return defineCase({
    ...definition,
    control: (t) => t.ask().expect(status(402)),
    probe: (t) => tryEach(t, changes, noCrash, soldOrTurnedAway),
  });
}

async function tryEach(
  t: Trader,
  changes: Tamperings["changes"],
  ...checks: readonly Check[]
): Promise<void> {
  for (const [what, change] of Object.entries(typeof changes === "function" ? changes(t) : changes)) {
    await t
      .buy(change)
      .expect(trying(what, ...checks))
      .done();
  }
}

/** Too little for something at this price; where prices change, what nobody was asked for a moment ago. */
export function lessThan(t: Trader, price: bigint): bigint {
  return t.context.subject.dynamicPrices && price > 1n ? 1n : price - 1n;
}

/** Too much for something at this price; where prices change, what nobody was asked for a moment ago. */
export function moreThan(t: Trader, price: bigint): bigint {
  return t.context.subject.dynamicPrices ? price * 1_000n : price + 1n;
}

/** The signature with one bit turned, in the middle of r. */
export function withOneBitTurned(signature: Hex): Hex {
  const byte = numberToHex(hexToNumber(slice(signature, 9, 10)) ^ 1, { size: 1 });
  return concat([slice(signature, 0, 9), byte, slice(signature, 10)]);
}
