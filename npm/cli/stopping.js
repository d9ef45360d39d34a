// Signals. A run that writes or waits ends at the first one between two commands, at the second one at once; any other ends at once.
// Either way no kosli process is left behind, and the last words say what may have been written.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PATIENCE = 5000; // whoever sends SIGTERM sends SIGKILL soon (Docker after 10 s), and that would leave kosli behind
const LONGEST_END = 3000; // of its children and its words

/** `{signal, release}` for one run through `kosli`. `warn` tells of the first signal; without it that one ends the process, after `lastWords(code)`. */
export function stopping(kosli, {warn, lastWords}) {
  const controller = new AbortController();
  let patience;
  let isEnding = false;
  const end = async number => {
    const ended = kosli?.close(); // once more: at once
    if (isEnding) return;
    isEnding = true;
    controller.abort();
    setTimeout(() => process.exit(128 + number), LONGEST_END);
    try {
      await lastWords(128 + number);
      await ended;
    } finally {
      process.exit(128 + number);
    }
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
    async release() {
      if (isEnding) await new Promise(() => {}); // the last words are said already
      clearTimeout(patience);
      // The work has ended: one more signal, of whoever is impatient or of npm beside the terminal's, must not keep its words from being said.
      const leave = (name, number) => setTimeout(() => process.exit(128 + number), LONGEST_END).unref();
      for (const name of SIGNALS) process.off(name, handle).on(name, leave);
    },
  };
}
