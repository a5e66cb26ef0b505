/**
 * Lets equal requests share one piece of work: while it goes on for a `name`, the same `fingerprint` gets the same
 * promise, and another one waits for its turn.
 *
 * @example
 * const once = shareWork<Receipt>();
 * await Promise.all([once("a", "1", settle), once("a", "1", settle)]); // settles once
 */
export function shareWork<T>() {
  const current = new Map<string, { readonly fingerprint: string; readonly result: Promise<T> }>();

  return (name: string, fingerprint: string, work: () => Promise<T>): Promise<T> => {
    const ahead = current.get(name);
    if (ahead?.fingerprint === fingerprint) return ahead.result;
    const result = ahead === undefined ? work() : ahead.result.then(work, work);
    const entry = { fingerprint, result };
    current.set(name, entry);
    const forget = () => {
      if (current.get(name) === entry) current.delete(name);
    };
    result.then(forget, forget);
    return result;
  };
}
