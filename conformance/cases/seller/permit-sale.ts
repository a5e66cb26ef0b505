import { Unproven } from "../../engine/index.ts";
import { charged, type PermitMethod, type Script, served } from "../../engine/seller/index.ts";

/** The run's first purchase by Permit2 or `upto` came about: the control of cases in which nothing may be sold. */
export function soldByPermit(method: PermitMethod): Script {
  return async ({ context }) => {
    const sale = await context.permitSale(method);
    if (sale.kind === "not-sold") throw new Unproven(sale.why);
  };
}

/** An honest purchase by the case's own payer. */
export function aPermitSale(method: PermitMethod): Script {
  return (t) => t.buyByPermit(method).expect(served, charged);
}
