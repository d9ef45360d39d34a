/** Waits that long, or until it is stopped; never rejects. */
export function pause(milliseconds, signal) {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, atMost(milliseconds));
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** A time that a timer can hold: for a longer one, `Infinity` too, Node's would go off at once. */
export const atMost = milliseconds => Math.min(milliseconds, 2 ** 31 - 1);
