import { boundsOf, type Check, paymentsOf, type SeenPayment, told } from "../../engine/client/index.ts";
import { Finding, field, type JsonObject } from "../../engine/index.ts";

/** The first of several entries is not paid. Said before it shows in what was charged. */
export function leavesTheFirst(what: string): Check {
  return (observed) => {
    const [first] = observed.offered;
    const paid = paymentsOf(observed).find((payment) => first !== undefined && pays(payment, first));
    if (paid !== undefined) throw new Finding(`The entry ${what} is paid.`, "the next entry", told(paid));
  };
}

/** By payee and amount, whatever the payment says of itself. */
function pays(payment: SeenPayment, entry: JsonObject): boolean {
  const bounds = boundsOf(payment);
  const payTo = field(entry, "payTo");
  const amount = field(entry, "amount") ?? field(entry, "maxAmountRequired");
  return (
    bounds !== undefined &&
    bounds.to.toLowerCase() === String(payTo).toLowerCase() &&
    String(bounds.value) === amount
  );
}
