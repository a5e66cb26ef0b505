import type { FacilitatorRequest } from "../protocol/index.ts";
import { discard, isStream } from "./body-stream.ts";
import type { Claim } from "./claim-book.ts";
import type { Answer, Exchange, Goods, PricedExchange } from "./exchange.ts";
import { admit, sellOnce } from "./extensions/index.ts";
import type { Settlement } from "./facilitator-client.ts";
import type { Work } from "./route.ts";
import type { Handled } from "./steps/handle.ts";
import { keptPrivate } from "./steps/respond.ts";
import { type SellerSteps, sellerSteps } from "./steps.ts";

/**
 * Answers one request: validate → inquire → offer → decode → challenge, or match → claim → verify → handle → charge →
 * settle → respond.
 * Steps do not throw; what they refuse ends in `refuse`. Extensions may let an unpaid request in, and stand around the
 * sale of a paid one.
 */
export async function serve(received: Exchange, steps: SellerSteps = sellerSteps): Promise<Answer> {
  const validated = await steps.validate(received);
  if (validated.kind === "invalid") return validated.answer;

  const inquired = await steps.inquire(received);
  if (inquired.kind === "unavailable") return inquired.answer;
  const asked = inquired.exchange;

  const offer = await steps.offer(asked);
  if (offer === undefined) return (await steps.handle(asked, validated.work)).answer;
  const exchange = { ...asked, offer };

  const decoded = await steps.decode(exchange);
  if (decoded.kind === "unpaid") return letIn(exchange, validated.work, steps);
  if (decoded.kind === "refused") return steps.refuse(exchange, offer, decoded.refusal);

  const matched = await steps.match(exchange, offer, decoded.payment);
  if (matched.kind === "refused") return steps.refuse(exchange, offer, matched.refusal);

  return sellOnce(exchange, decoded.payment, async () => {
    const claimed = await steps.claim(exchange, offer, decoded.payment);
    if (claimed.kind === "refused") return steps.refuse(exchange, offer, claimed.refusal);

    const sale: Sale = { exchange, order: matched.order, claim: claimed.claim, steps };
    return claimed.kind === "resumed" ? deliver(sale, claimed.goods) : sell(sale, validated.work);
  });
}

/** Without a payment: asked for one, unless an extension lets it in. */
async function letIn(exchange: PricedExchange, work: Work, steps: SellerSteps): Promise<Answer> {
  const admission = await admit(exchange);
  switch (admission.kind) {
    case "not-asked":
      return steps.challenge(exchange, exchange.offer);
    case "refused":
      return steps.refuse(exchange, exchange.offer, { kind: "invalid", reason: admission.reason });
    case "admitted":
      return keptPrivate((await steps.handle(exchange, work)).answer);
  }
}

/** A request whose payment is claimed. */
interface Sale {
  readonly exchange: PricedExchange;
  readonly order: FacilitatorRequest;
  readonly claim: Claim;
  readonly steps: SellerSteps;
}

async function sell(sale: Sale, work: Work): Promise<Answer> {
  const made = await make(sale, work);
  if (made.kind === "done") return deliver(sale, made.answer);
  sale.claim.release();
  return made.answer;
}

async function make({ exchange, order, steps }: Sale, work: Work): Promise<Handled> {
  const verified = await steps.verify(exchange, order);
  if (verified.kind === "verified") return steps.handle(exchange, work);
  return { kind: "failed", answer: await steps.refuse(exchange, exchange.offer, verified.refusal) };
}

async function deliver({ exchange, order, claim, steps }: Sale, goods: Goods): Promise<Answer> {
  const settlement = await steps.settle(exchange, await steps.charge(exchange, order, goods));
  conclude(claim, settlement, goods);
  if (settlement.kind === "failed" && isStream(goods.body)) await discard(goods.body);
  return steps.respond(exchange, goods, settlement);
}

function conclude(claim: Claim, settlement: Settlement, goods: Goods): void {
  if (settlement.kind === "settled") claim.settled();
  else if (settlement.kind === "failed") claim.release();
  else claim.unresolved(goods);
}
