import { Finding, NotApplicable } from "../../engine/index.ts";
import { type GroupCheck, type Observed, type PresentedPayment, settled } from "../../engine/seller/index.ts";

/** However often it was sent, one payment was delivered once or not at all. */
export function deliveredAtMostOnce(all: readonly Observed[]): void {
  const deliveries = deliveriesAmong(all);
  if (deliveries <= 1) return;
  throw new Finding(
    "One payment was delivered more than once.",
    "at most 1 delivery",
    `${deliveries} deliveries`,
  );
}

/** As many transfers since the first of these requests as there are deliveries among them. */
export const chargedForDeliveries: GroupCheck = async (all) => {
  const [first] = all;
  if (first !== undefined) await settled(deliveriesAmong(all))(first);
};

/** How many of the answers are 2xx. */
export function deliveriesAmong(all: readonly Observed[]): number {
  return all.filter(({ answer }) => answer.status >= 200 && answer.status < 300).length;
}

/** A payment that has a name, because the seller requires one, may well get its answer again. */
export function withoutName<P extends PresentedPayment>(payment: P): P {
  if (payment.identifier === undefined) return payment;
  throw new NotApplicable("The seller requires a payment identifier; the cases of that extension judge it.");
}
