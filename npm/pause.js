/** Waits that long, or until it is stopped; never rejects. */
export async function pause(milliseconds, signal) {
  const {setTimeout} = await import('node:timers/promises');
  await setTimeout(milliseconds, undefined, {signal}).catch(() => {}); // stopped
}
