// A line on the terminal that says what is being waited for: Kosli, once it takes longer than two seconds, or an opening.
import {nameOf} from '../loop/failure.js';
import {waitingFor} from './waiting.js';
import {printable} from '../text/printable.js';
import {counted as numbers} from '../text/counted.js';

/** For one run: `event` hears of it, `clear` makes room for another line, `during` for a question, `stop` ends it. */
export function progress(stream) {
  let doing = 'Kosli';
  let resting; // between two looks
  let again; // between two tries of one request
  let counted = ''; // of many
  let shown = false;
  let isAsking = false;
  let began = Date.now();
  const clear = () => {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
  };
  const show = () => {
    if (isAsking) return;
    const waited = Math.round((Date.now() - began) / 1000);
    const left = again && again.at - Date.now();
    if (!resting && !(left > 0) && waited < 2) return;
    const width = (stream.columns || 80) - 1;
    const text = resting ? waitingFor(resting, Date.now(), resting.next, width)
      : left > 0 ? fitted(`${counted}${printable(again.because)}`, `, trying again in ${Math.ceil(left / 1000)} s`, width)
        : fitted(`${counted}waiting for ${doing}`, ` (${waited} s)`, width);
    stream.write(`\r\u001B[K${text.slice(0, width)}`);
    shown = true;
  };
  const timer = setInterval(show, 500);
  timer.unref();
  return {
    event(event) {
      if (event.type === 'read') doing = `Kosli: ${event.read.as.split('/')[0]}`;
      if (event.type === 'command') doing = `Kosli: ${nameOf(event.command)}`;
      if (event.type === 'selected') counted = `0 of ${numbers(event.selected.length)} environments done, `;
      if (event.type === 'subject' || event.type === 'reported') counted = `${numbers(event.ended)} of ${numbers(event.of)} environments done, `;
      if (event.type === 'round') {
        resting = undefined;
        began = Date.now();
      }
      if (event.type === 'retry') {
        again = {because: event.because, at: Date.now() + event.wait};
        show();
      }
      if (event.type === 'result') again = undefined;
      if (event.type === 'waiting') {
        resting = {...event, next: Date.now() + event.wait};
        show();
      }
    },
    clear,
    /** Leaves the line to a question until `ask()` has its answer. */
    async during(ask) {
      clear();
      isAsking = true;
      try {
        return await ask();
      } finally {
        isAsking = false;
        began = Date.now();
      }
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

// What changes stays in sight: it is the text before it that is cut.
const fitted = (text, end, width) => `${text.length + end.length <= width ? text : `${text.slice(0, Math.max(0, width - end.length - 1))}…`}${end}`;
