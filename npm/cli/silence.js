// In a log nothing moves while Kosli keeps silent: one line says so, before somebody takes the job for stuck.
import {LONGEST_LOOK, MOST_LOOK} from '../loop/run.js';

const SILENCE = 15_000; // no connection is told after ten

/** For one run: `event` hears of it, `stop` ends it. `host` is where Kosli is, `timeout` the longest time for a look, in milliseconds. */
export function silence({host = 'the local one', timeout = LONGEST_LOOK, warn}) {
  let reads = 0; // under way
  let writes = 0;
  let isTold = false;
  let timer;
  const tell = () => {
    isTold = true;
    const end = reads > 0 ? `a look takes ${Math.min(timeout, MOST_LOOK) / 1000} s at most` : 'a write is waited for, 120 s at most';
    warn(`no answer from Kosli (${host}) for ${SILENCE / 1000} s; ${end}`);
  };
  return {
    event({type, item, wait}) {
      if (type === 'read') reads++;
      if (type === 'command') writes++;
      if (type === 'result' && item.type) writes--;
      else if (type === 'result') reads--;
      if (type === 'waiting') isTold = false; // later it is news
      clearTimeout(timer);
      if (reads + writes > 0 && !isTold) timer = setTimeout(tell, type === 'retry' ? wait + SILENCE : SILENCE).unref(); // nothing is asked before the next try
    },
    stop: () => clearTimeout(timer),
  };
}
