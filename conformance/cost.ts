/** Payments that a run of the whole seller suite signs, roughly, by the request that they are for. */
export const paymentsOfARun = { paid: 1_000n, alsoPaid: 25n } as const;

/** Prices of a seller, in atomic units. */
export interface Prices {
  readonly price: bigint;
  readonly alsoPaid?: bigint | undefined;
}

/** What a run of the whole seller suite signs for, roughly, in atomic units; a run of a part costs less. */
export function costOfARun({ price, alsoPaid = 0n }: Prices): bigint {
  return paymentsOfARun.paid * price + paymentsOfARun.alsoPaid * alsoPaid;
}
