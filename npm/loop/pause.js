/** Waits that long, or until it is stopped; never rejects. */
export async function pause(milliseconds, signal) {
  const {setTimeout} = await import('node:timers/promises');
  await setTimeout(atMost(milliseconds), undefined, {signal}).catch(() => {}); // stopped
}

/** A time that a timer can hold: for a longer one, `Infinity` too, Node's would go off at once. */
export const atMost = milliseconds => Math.min(milliseconds, 2 ** 31 - 1);
