import { NotApplicable, Unproven } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Check,
  charged,
  isChargedNothing,
  type PermitMethod,
  type Script,
  served,
  type Trader,
  trying,
} from "../../engine/seller/index.ts";

/** How the titles of the cases of a way to pay begin. */
export const leads: Readonly<Record<PermitMethod, string>> = { permit2: "Permit2", upto: "upto" };

/** Said where everything that was named costs nothing. */
export const nothingIsCharged =
  "Nothing is charged for what was named; give a request that costs something with another --upto.";

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

/** Buys everything that is paid so; a finding says for which request it was. */
export async function buyEverything(
  t: Trader,
  method: PermitMethod,
  ...checks: readonly Check[]
): Promise<void> {
  for (const request of await t.context.permitRequests(method))
    await t
      .buyByPermit(method, {}, request)
      .expect(trying(nameOf(request), ...checks))
      .done();
}

/** The first request that is paid so and costs something. Buys it. */
export async function costlyRequest(t: Trader, method: PermitMethod): Promise<ApiRequest> {
  for (const request of await t.context.permitRequests(method)) {
    const { payment, answer } = await t.buyByPermit(method, {}, request).done();
    if (!isChargedNothing(payment, answer)) return request;
  }
  throw new NotApplicable(nothingIsCharged);
}

/** What a request is called in a finding. */
export function nameOf({ method, target }: ApiRequest): string {
  return `${method} ${target}`;
}
