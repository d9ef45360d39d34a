// Ctrl-C: the first one stops between two commands, the second one at once.

/** `{signal, release}`; `onFirst()` is told of the first signal, `onSecond()` may clean up before the process ends. */
export function stopSignal({onFirst, onSecond}) {
  const controller = new AbortController();
  const handle = (name, number) => {
    if (controller.signal.aborted) {
      onSecond();
      process.exit(128 + number);
    }
    controller.abort();
    onFirst(name);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
