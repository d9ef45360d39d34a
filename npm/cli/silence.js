// In a log nothing moves while Kosli keeps silent: one line says so, before somebody takes the job for stuck.
const SILENCE = 15_000; // no connection is told after ten
const LONGEST_LOOK = 4 * 60_000; // as `run` has it

/** For one run: `event` hears of it, `stop` ends it. `host` is where Kosli is, `timeout` the longest time for a look, in milliseconds. */
export function silence({host = 'the local one', timeout = 60_000, warn}) {
  let reads = 0; // under way
  let writes = 0;
  let isTold = false;
  let timer;
  const tell = () => {
    isTold = true;
    const end = reads > 0 ? `a look takes ${Math.min(timeout, LONGEST_LOOK) / 1000} s at most` : 'a write is waited for, 120 s at most';
    warn(`no answer from Kosli (${host}) for ${SILENCE / 1000} s; ${end}`);
  };
  return {
    event({type, item}) {
      if (type === 'read') reads++;
      if (type === 'command') writes++;
      if (type === 'result' && item.type) writes--;
      else if (type === 'result') reads--;
      if (type === 'waiting') isTold = false; // later it is news
      clearTimeout(timer);
      if (reads + writes > 0 && !isTold) timer = setTimeout(tell, SILENCE).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
