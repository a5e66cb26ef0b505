import { closestMatch } from "leven";

/**
 * ` Did you mean start?`, to follow a sentence that says what is not known; `""` where nothing known is like it.
 *
 * @example
 * didYouMean("strat", ["url", "start"]) // " Did you mean start?"
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const closest = closestMatch(word, known, { maxDistance: Math.min(3, Math.floor(word.length / 2)) });
  return closest === undefined ? "" : ` Did you mean ${closest}?`;
}
