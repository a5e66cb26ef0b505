/**
 * Starts something that `stop` ends. If the start fails, or `signal` comes before it is done, what was started is
 * ended before the error goes on.
 *
 * @throws the signal's reason, else what `start` throws
 */
export async function startOrStop<T>(
  start: () => Promise<T>,
  stop: () => Promise<unknown>,
  signal?: AbortSignal,
): Promise<T> {
  const interrupt = () => void stop();
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    signal?.throwIfAborted();
    const started = await start();
    signal?.throwIfAborted();
    return started;
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}
