// Signals. A run that writes or waits ends at the first one between two commands, at the second one at once; any other ends at once.
// Either way no kosli process is left behind.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PATIENCE = 5000; // whoever sends SIGTERM sends SIGKILL soon (Docker after 10 s), and that would leave kosli behind

/** `{signal, release}` for one run through `kosli`. `warn` tells of the first signal; without it that one ends the process. */
export function stopping(kosli, warn) {
  const controller = new AbortController();
  let patience;
  const end = number => {
    kosli?.close(); // ends its children before it returns
    process.exit(128 + number);
  };
  const handle = (name, number) => {
    if (!warn || controller.signal.aborted) return end(number);
    controller.abort();
    warn();
    if (name !== 'SIGINT') patience = setTimeout(end, PATIENCE, number).unref();
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(patience);
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
