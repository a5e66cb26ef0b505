/** The cases of both ways to pay by Permit2 that go by these names. */
export function ofBothPermits(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`seller.permit2.${name}`, `seller.upto.${name}`]);
}

/** Permits that were charged nothing, and of which only the seller knows that they were used. */
export const everyReuseOfTheUncharged = [
  "seller.upto.uncharged-permit-twice",
  "seller.upto.nonce-with-zeros",
];

/** Every case in which a permit is sent that is used, or in use. */
export const everyReuseOfPermits = [
  ...ofBothPermits("same-permit-twice", "eight-at-once", "nonce-with-zeros", "nonce-with-zeros-at-once"),
  "seller.upto.uncharged-permit-twice",
];
