// A line on the terminal that says what is being waited for, once it takes longer than two seconds.
import {nameOf} from '../failure.js';

/** For one run: `event` hears of it, `clear` makes room for another line, `stop` ends it. */
export function progress(stream) {
  let doing = 'Kosli';
  let shown = false;
  const began = Date.now();
  const clear = () => {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  };
  const timer = setInterval(() => {
    const waited = Math.round((Date.now() - began) / 1000);
    if (waited < 2) return;
    stream.write(`\r\u001B[Kwaiting for ${doing} (${waited} s)`);
    shown = true;
  }, 500);
  timer.unref();
  return {
    event(event) {
      if (event.type === 'read') doing = `Kosli: ${event.read.as.split('/')[0]}`;
      if (event.type === 'command') doing = `Kosli: ${nameOf(event.command)}`;
    },
    clear,
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}
