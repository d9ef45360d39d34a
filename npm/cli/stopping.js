// Ctrl-C: the first one stops between two commands, the second one at once.

/** `{signal, release}` for one run through `kosli`, whose first Ctrl-C `warn` tells of. */
export function stopping(kosli, warn) {
  const controller = new AbortController();
  const handle = (name, number) => {
    if (controller.signal.aborted) {
      kosli.close();
      process.exit(128 + number);
    }
    controller.abort();
    warn();
  };
  const signals = ['SIGINT', 'SIGTERM'];
  for (const name of signals) process.on(name, handle);
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) process.off(name, handle);
    },
  };
}
