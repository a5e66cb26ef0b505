/** The same cases of both schemes that are paid by Permit2. */
export function ofBothPermits(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`client.permit2.${name}`, `client.upto.${name}`]);
}
