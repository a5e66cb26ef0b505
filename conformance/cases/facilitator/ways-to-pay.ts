import type { Address } from "viem";
import {
  type AnyOrder,
  accepted,
  type FacilitatorNeed,
  type Merchant,
  moved,
  type PermitChange,
} from "../../engine/facilitator/index.ts";
import type { CaseVersion } from "../../engine/index.ts";

/** A way to pay, and what a facilitator must have for it. */
export interface WayToPay {
  /** What the ids of its cases have in the second place. */
  readonly name: string;
  /** How a title begins. */
  readonly what: string;
  readonly needs: readonly FacilitatorNeed[];
  readonly protocol: CaseVersion;
  /** Makes an honest order, which pays another than the run's seller where one is given. */
  readonly order: (t: Merchant, payTo?: Address) => Promise<AnyOrder>;
}

/** Payment by EIP-3009. */
export const byAuthorization: Omit<WayToPay, "name"> = {
  what: "A payment",
  needs: [],
  protocol: "x402@2",
  order: (t, payTo) =>
    t.order(
      payTo && {
        terms: (terms) => ({ ...terms, payTo }),
        authorization: (authorization) => ({ ...authorization, to: payTo }),
      },
    ),
};

/** Payment by EIP-3009 in x402 v1. */
export const byV1: WayToPay = { ...byAuthorization, name: "v1", what: "A v1 payment", protocol: "x402@1" };

/** Payments by Permit2. */
export const byPermit: readonly WayToPay[] = [
  {
    name: "permit2",
    what: "A payment by Permit2",
    needs: ["permit2"],
    protocol: "x402@2",
    order: (t, payTo) => t.permitOrder("exact", permitFor(payTo)),
  },
  {
    name: "upto",
    what: "A permit of upto",
    needs: ["upto"],
    protocol: "x402@2",
    order: (t, payTo) => t.permitOrder("upto", permitFor(payTo)),
  },
  {
    name: "sponsoring",
    what: "A payment with its allowance",
    needs: ["eip2612-sponsoring", "permit2"],
    protocol: "x402@2",
    order: (t, payTo) => t.sponsoredOrder("exact", permitFor(payTo)),
  },
];

/** Every way of v2, payment by EIP-3009 under the name that ids of the cases at hand have for it. */
export function waysToPay(nameOfAuthorization: string): readonly WayToPay[] {
  return [{ ...byAuthorization, name: nameOfAuthorization }, ...byPermit];
}

/** An honest payment this way is settled, and moves the money once. */
export async function settlesHonestly(t: Merchant, { order }: Pick<WayToPay, "order">): Promise<void> {
  await t
    .present("settle", await order(t))
    .expect(accepted, moved(1))
    .done();
}

function permitFor(payTo: Address | undefined): PermitChange {
  if (payTo === undefined) return {};
  return {
    terms: (terms) => ({ ...terms, payTo }),
    permit: (permit) => ({ ...permit, witness: { ...permit.witness, to: payTo } }),
  };
}
