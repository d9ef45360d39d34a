// Spans of time, as people write them.
import {UsageError} from './options.js';

const SECOND = 1000;
const UNITS = {s: SECOND, m: 60 * SECOND, h: 3600 * SECOND, d: 86_400 * SECOND, w: 7 * 86_400 * SECOND};
// `2h30m`, `1h 30m`: the largest unit first, each at most once.
const SPAN = /^(?=\d)(?:(\d{1,5})w ?)?(?:(\d{1,5})d ?)?(?:(\d{1,5})h ?)?(?:(\d{1,5})m ?)?(?:(\d{1,5})s)?(?<! )$/;
const ISO = /^P(?=.)(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?$/;

/** `5s`, `90m`, `2h30m`, `3d`, `1w`, or as ISO 8601 has it (`PT1H30M`), in milliseconds; `undefined` for anything else. */
export function spanMilliseconds(text) {
  const parts = partsOf(SPAN, text) ?? partsOf(ISO, text);
  return parts && millisecondsOf(parts);
}

/** The value of `--wait`, in milliseconds. */
export const waitTime = text => spanMilliseconds(text) ?? refuse('wait', text);

/** The value of `--timeout`, in milliseconds. */
export function timeoutTime(text) {
  const milliseconds = spanMilliseconds(text) ?? refuse('timeout', text);
  if (milliseconds === 0) throw new UsageError('--timeout is 0: no look takes no time', 'give Kosli a few seconds: --timeout 30s');
  return Math.min(milliseconds, LONGEST_TIMER);
}

/** The value of `--needs` or another such option as the core takes it: ISO 8601. */
export function neededTime(text, option = 'needs') {
  if (isoMilliseconds(text) !== undefined) return text;
  const [weeks, days, hours, minutes, seconds] = partsOf(SPAN, text) ?? refuse(option, text);
  const letters = numbers => numbers.filter(([number]) => number !== undefined).map(([number, letter]) => `${number}${letter}`).join('');
  const clock = letters([[hours, 'H'], [minutes, 'M'], [seconds, 'S']]);
  if (clock === '' && days === undefined) return `P${weeks}W`;
  const total = weeks === undefined ? days : Number(weeks) * 7 + Number(days ?? 0); // weeks stand alone
  return `P${letters([[total, 'D']])}${clock && `T${clock}`}`;
}

/** `PT1H30M` in milliseconds; `undefined` for anything else. */
export function isoMilliseconds(text) {
  const parts = partsOf(ISO, text);
  return parts && millisecondsOf(parts);
}

const LONGEST_TIMER = 2 ** 31 - 1; // of Node's

const partsOf = (pattern, text) => pattern.exec(text)?.slice(1);

const millisecondsOf = parts => ['w', 'd', 'h', 'm', 's'].reduce((sum, unit, index) => sum + Number(parts[index] ?? 0) * UNITS[unit], 0);

function refuse(option, text) {
  throw new UsageError(`--${option} \`${text}\` is not a valid span of time`, 'write it as 30s, 20m, 2h30m, 1d, or as ISO 8601 has it: PT20M');
}
