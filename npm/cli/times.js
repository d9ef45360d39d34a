// Times on the command line.
import {UsageError} from './options.js';
import {spanMilliseconds} from './span.js';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?)?$/;

/** `--until` as the core takes it: a time stays as it is, a span (`90m`, `2h`, `3d`) counts from `now`. */
export function untilTime(text, now) {
  const span = spanMilliseconds(text);
  if (span !== undefined) return `${new Date(now.getTime() + span).toISOString().slice(0, 19)}Z`;
  if (isTime(text)) return text;
  throw new UsageError(`--until \`${text}\` is no time`, 'write a span such as 90m, 2h, 3d, or a time with its zone such as 2024-11-01T09:00:00Z');
}

/** `--at` as the core takes it. */
export function atTime(text) {
  if (isTime(text)) return text;
  const [, date, minutes = '00:00', seconds = ':00'] = LOCAL.exec(text) ?? [];
  if (date === undefined) throw new UsageError(`--at \`${text}\` is no time`, 'write a time with its zone such as 2024-11-01T09:00:00Z');
  const time = `${date}T${minutes}${seconds}`;
  throw new UsageError(`--at \`${text}\` does not say in which zone`, `add it: ${time}Z is UTC, ${time}+01:00 an hour ahead of it`);
}

const isTime = text => RFC_3339.test(text) && !Number.isNaN(Date.parse(text));
