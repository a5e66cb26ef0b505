/** A body that is made while it is sent, piece by piece. */
export type BodyStream = AsyncIterable<string | Uint8Array>;

/** Is it something that gives its pieces one by one, e.g. an async generator or a ReadableStream? */
export function isStream(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

/**
 * Waits for the first piece and gives the stream from its beginning: what fails until then has given nothing away.
 *
 * @throws whatever the stream throws before its first piece; TypeError when that is neither text nor bytes
 */
export async function begun(stream: AsyncIterable<unknown>): Promise<BodyStream> {
  const pieces = stream[Symbol.asyncIterator]();
  let first: IteratorResult<string | Uint8Array> | undefined = textOrBytes(await pieces.next());
  const fromTheStart: AsyncIterator<string | Uint8Array> = {
    async next() {
      if (first === undefined) return textOrBytes(await pieces.next());
      const piece = first;
      first = undefined;
      return piece;
    },
    async return() {
      await pieces.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => fromTheStart };
}

/** Ends a stream that nobody is going to read, so that whoever makes it can stop. */
export async function discard(stream: BodyStream): Promise<void> {
  await stream[Symbol.asyncIterator]().return?.();
}

function textOrBytes(piece: IteratorResult<unknown>): IteratorResult<string | Uint8Array> {
  if (piece.done === true) return { done: true, value: undefined };
  const { value } = piece;
  if (typeof value === "string" || value instanceof Uint8Array) return { done: false, value };
  throw new TypeError("A stream gives text or bytes.");
}
