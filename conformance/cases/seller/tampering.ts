import {
  type Case,
  defineCase,
  type PaymentChange,
  served,
  settled,
  turnedAway,
} from "../../engine/index.ts";

/** Somebody who has nothing to do with the sale. */
export const stranger = "0x000000000000000000000000000000000000dEaD";

/** One thing changed in an otherwise honest payment. `change` is signed as changed. */
export interface Tampering extends Pick<Case, "id" | "requirement" | "title"> {
  readonly change: PaymentChange;
}

/** A case that shows that the honest payment is served, and that the changed one is turned away. */
export function tampered({ change, ...definition }: Tampering): Case {
  return defineCase({
    ...definition,
    control: (t) => t.buy().expect(served, settled(1)),
    probe: (t) => t.buy(change).expect(turnedAway),
  });
}
