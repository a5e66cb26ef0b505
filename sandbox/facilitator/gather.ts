/** How much is done together, and how long what comes later waits for what is under way, in milliseconds. */
export interface Gathering {
  readonly largest: number;
  readonly patienceMs: number;
}

/**
 * Lets work be done together: what is asked for in one turn of the event loop, or while the work before is under
 * way, is one piece of work. Something slow holds up the rest for `patienceMs` at most. An item without a result
 * gets `undefined`.
 *
 * @example
 * const balanceOf = gather(readBalances, { largest: 50, patienceMs: 10 });
 * await Promise.all([balanceOf(payer), balanceOf(payee)]); // reads both at once
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<ReadonlyMap<Item, Result>>,
  { largest, patienceMs }: Gathering,
): (item: Item) => Promise<Result | undefined> {
  let waiting = new Map<Item, PromiseWithResolvers<Result | undefined>>();
  let isHeldUp = false;

  function beginSoon(): void {
    if (isHeldUp || waiting.size === 0) return;
    isHeldUp = true;
    setImmediate(begin);
  }

  function begin(): void {
    const taken = [...waiting].slice(0, largest);
    waiting = new Map([...waiting].slice(largest));
    const next = once(() => {
      isHeldUp = false;
      beginSoon();
    });
    const timer = setTimeout(next, patienceMs);
    work(taken.map(([item]) => item))
      .then(
        (results) => {
          for (const [item, { resolve }] of taken) resolve(results.get(item));
        },
        (error: unknown) => {
          for (const [, { reject }] of taken) reject(error);
        },
      )
      .finally(() => {
        clearTimeout(timer);
        next();
      });
  }

  return (item) => {
    const known = waiting.get(item);
    if (known !== undefined) return known.promise;
    const asked = Promise.withResolvers<Result | undefined>();
    waiting.set(item, asked);
    beginSoon();
    return asked.promise;
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
