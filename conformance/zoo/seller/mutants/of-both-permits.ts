/** The cases of both ways to pay by Permit2 that go by these names. */
export function ofBothPermits(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`seller.permit2.${name}`, `seller.upto.${name}`]);
}
