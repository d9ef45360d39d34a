// How people name a snapshot, or a span of them: by number, from the end, by time.
import {Refusal, invalid} from './input.js';

const seconds = {min: 60, hour: 3600, day: 86_400, week: 604_800};

/**
 * The snapshot that `text` names among those of an environment: `42`, `#42`, `-1` (the latest), `~5` (five before it),
 * `@{2024-02-14T12:00:00}` (UTC), `@{2.hours.ago}`, `@{now}`.
 */
export function snapshotNamed(text, {org, environment, now}) {
  const {name, snapshots} = environment;
  const index = indexNamed(text, snapshots, now);
  const found = snapshots[index - 1];
  if (index < 1 || found === undefined) {
    const shown = /^[#~@]/.test(text) ? text : `#${text}`;
    throw new Refusal(404, `Org: '${org}'. Snapshot '${name}${shown}' resolves to '${name}#${index}'. len(snapshots) == ${snapshots.length}. Indexes are 1-based`);
  }
  return found;
}

function indexNamed(text, snapshots, now) {
  const [, sign = '', digits] = /^([#~-]?)(\d{1,9})$/.exec(text) ?? [];
  if (digits !== undefined) return indexOf(sign, Number(digits), snapshots.length);
  const time = timeNamed(/^@\{(.*)\}$/s.exec(text)?.[1] ?? '', now);
  if (time === undefined) throw invalid({snapshot: `'${text}' is not a snapshot expression`});
  return snapshots.findLastIndex(({at}) => at <= time) + 1;
}

function indexOf(sign, number, count) {
  if (sign === '~') return count - number;
  return sign === '-' ? count + 1 - number : number;
}

function timeNamed(text, now) {
  if (text === 'now') return now;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) {
    const time = Date.parse(`${text}Z`) / 1000;
    return Number.isNaN(time) ? undefined : time;
  }
  const [, count, unit] = /^(\d{1,6})\.(hour|day|week|month)s?\.ago$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  if (unit !== 'month') return now - count * seconds[unit];
  const then = new Date(now * 1000);
  then.setUTCMonth(then.getUTCMonth() - count);
  return then.getTime() / 1000;
}

/** The snapshots between two, both included: `5..10`, `~5..NOW`, `..7`, `3`; all if `text` is empty. As a test of an index. */
export function interval(text, count) {
  if (text === '') return () => true;
  const [begin, end = begin] = text.split('..').map(part => bound(part, count));
  if (text.split('..').length > 2 || Number.isNaN(begin) || Number.isNaN(end)) throw invalid({interval: `'${text}' is not an interval of snapshots`});
  return index => index >= Math.min(begin, end) && index <= Math.max(begin, end);
}

function bound(text, count) {
  if (text === '' || text === 'NOW') return count;
  const [, sign, digits] = /^(~?)(\d{1,9})$/.exec(text) ?? [];
  return digits === undefined ? NaN : indexOf(sign, Number(digits), count);
}

/** Where a log begins or ends, by the parameter `name`: a number of a snapshot, `NOW`, or how long ago, as `2days`: `{index}` or `{time}`. */
export function edge(text, name, count, now) {
  if (text === 'NOW') return {index: count};
  const [, sign = '', digits] = /^(-?)(\d{1,9})$/.exec(text) ?? [];
  if (digits !== undefined) return {index: indexOf(sign, Number(digits), count)};
  const [, number, unit] = /^(\d{1,6}) ?(min|hour|day|week)s?$/.exec(text) ?? [];
  if (unit === undefined) throw invalid({[name]: `'${text}' is neither a snapshot nor a time such as 2days`});
  return {time: now - number * seconds[unit]};
}
