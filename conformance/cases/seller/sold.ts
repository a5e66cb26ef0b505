import { NotApplicable, Unproven } from "../../engine/index.ts";
import { type ApiRequest, provided, settled, type Trader } from "../../engine/seller/index.ts";
import { deliveriesAmong } from "./deliveries.ts";

/** The paid request with another value in its query, which the seller sells, too. */
export async function soldWithAnotherQuery(t: Trader): Promise<ApiRequest> {
  if (!/\?.*=/.test(t.paid.target)) throw new NotApplicable("The paid request has no query to change.");
  return sold(t, { ...t.paid, target: `${t.paid.target}x` });
}

/** Another paid request that was given, if it is sold at a price that `isRight`. */
export async function soldElsewhere(
  t: Trader,
  price: string,
  isRight: (amount: bigint) => boolean,
): Promise<ApiRequest> {
  const { alsoPaid, streaming } = t.context.subject.requests;
  for (const request of [alsoPaid, streaming]) {
    if (request === undefined) continue;
    const { amount } = await t.prepare({}, request);
    if (isRight(amount)) return sold(t, request);
  }
  throw new NotApplicable(
    `give one with --also-paid or --streaming: another paid request that costs ${price}`,
  );
}

async function sold(t: Trader, request: ApiRequest): Promise<ApiRequest> {
  const asked = await t.ask(request).done();
  if (asked.answer.status !== 402)
    throw new NotApplicable(`The seller asks no money for ${request.method} ${request.target}.`);
  const observed = await t.buy({}, request).done();
  if (deliveriesAmong([observed]) === 0) {
    const name = `${request.method} ${request.target}`;
    if ((await observed.transfers()).length > 0)
      throw new Unproven(`The seller charges for ${name}, and does not serve it.`);
    throw new NotApplicable(`The seller does not sell ${name}.`);
  }
  // A settlement that comes late must not be taken for one of the request that follows.
  await provided(settled(1))(observed);
  return request;
}
