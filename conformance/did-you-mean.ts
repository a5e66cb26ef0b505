import { closestMatch } from "leven";

/**
 * ` Did you mean url?`, to follow a sentence that says what is not known; `""` where nothing known is like it.
 *
 * @example
 * didYouMean("ulr", ["url", "start"]) // " Did you mean url?"
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const closest = closestMatch(word, known, { maxDistance: Math.min(3, Math.ceil(word.length * 0.4)) });
  return closest === undefined ? "" : ` Did you mean ${closest}?`;
}
