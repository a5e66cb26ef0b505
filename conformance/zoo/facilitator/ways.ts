/** Ids of what is tried of permits alike: by Permit2, of upto, and with an allowance. */
export function ofPermits(...names: readonly string[]): string[] {
  return ["permit2", "upto", "sponsoring"].flatMap((way) =>
    names.map((name) => `facilitator.${way}.${name}`),
  );
}

/** Ids of what is tried of the chain with payments of every way. */
export function ofEveryWay(...names: readonly string[]): string[] {
  return [
    ...["chain", "v1"].flatMap((way) => names.map((name) => `facilitator.${way}.${name}`)),
    ...ofPermits(...names),
  ];
}
