/** A moment after which nothing is waited for. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Takes it back. */
  clear(): void;
}

/**
 * A signal that comes after so many milliseconds, or with `parent`, whichever is first. Node may collect what
 * `AbortSignal.any` makes of `AbortSignal.timeout` before its time has come; a timer is kept.
 */
export function deadlineIn(milliseconds: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(parent?.reason);
  const late = () => controller.abort(new DOMException(`not done within ${milliseconds} ms`, "TimeoutError"));
  const timer = setTimeout(late, milliseconds);
  if (parent?.aborted === true) abort();
  parent?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      parent?.removeEventListener("abort", abort);
    },
  };
}
