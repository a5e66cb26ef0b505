import { createHash } from "node:crypto";

/** Draws that the same seed repeats, in the same order. */
export interface Draws {
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
  shuffled<T>(items: readonly T[]): T[];
}

/** Draws from a seed. */
export function drawsFrom(seed: string): Draws {
  let drawn = 0;
  const share = () => {
    drawn += 1;
    return createHash("sha256").update(`${seed}\0${drawn}`).digest().readUIntBE(0, 6) / 2 ** 48;
  };
  const between = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));
  return {
    between,
    oneOf: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: share() }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ item }) => item),
  };
}
