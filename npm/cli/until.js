import {UsageError} from './options.js';

const MINUTES = {m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60};
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** `--until` as the core takes it: a time stays as it is, a span (`90m`, `2h`, `3d`) counts from `now`. */
export function untilTime(text, now) {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  if (span) {
    const end = new Date(now.getTime() + Number(span[1]) * MINUTES[span[2]] * 60_000);
    return `${end.toISOString().slice(0, 19)}Z`;
  }
  if (RFC_3339.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new UsageError(`--until \`${text}\` is no time`, 'write a span such as 90m, 2h, 3d, or a time with its zone such as 2024-11-01T09:00:00Z');
}
