// Values that a CI was to fill in, and has not, or whoever has pasted an advice: as the name of who freezes or as a run they would be everybody's, and every run's.
import {OPTIONS, UsageError} from './options.js';
import {isPlaceholder, placeholderIn, UNFILLED} from '../text/placeholder.js';

const ADVICE = 'is it not set, or written where none is filled in, as in single quotes?';

/** Throws a `UsageError` for the first of `values` that is one. (A wrong environment is shown by whoever looks for it.) */
export function refusePlaceholders({environment, ...values}) {
  for (const [name, given] of Object.entries(values)) {
    const isPair = /^KEY=/.test(OPTIONS[name]?.value);
    for (const text of [given].flat().filter(one => typeof one === 'string')) {
      if (text === OPTIONS[name]?.value) throw new UsageError(`--${name} is \`${text}\`, which only stands for what is meant`, 'write that in its place');
      refuseWhole(`--${name}`, text, isPair ? text.slice(text.indexOf('=') + 1) : text);
    }
  }
  const within = placeholderIn(values.run ?? '');
  if (within) throw new UsageError(`--run has \`${within}\` in it, ${UNFILLED}: each run may be the same one, and use an exception that another has used`, ADVICE);
}

/** The same for one text: `what` is `text`. */
export function refuseWhole(what, text, value = text) {
  if (isPlaceholder(value)) throw new UsageError(`${what} is \`${text}\`, ${UNFILLED}`, ADVICE);
}
