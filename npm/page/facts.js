// What the record of a thing says, as lines of a name and a text or a time.
import {plain} from './plain.js';
import {matchWords} from '../text/match.js';

/** RFC 3339 in milliseconds, `null` where there is none. */
export function time(text) {
  const at = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isFinite(at) ? at : null;
}

/** Those that say something, safe to show. */
export const shown = facts => facts
  .filter(([, value]) => value !== null && value !== undefined && value !== '')
  .map(([name, value]) => [name, typeof value === 'number' ? value : plain(value, {lines: true})]);

/** What a change is: `commit 4f1c2ab, kind docs` */
export const changeText = change => Object.entries(change ?? {}).map(([key, value]) => `${key} ${value}`).join(', ');

/** `maya (account ci-bot)` */
export const who = (by, account) => by && account && account !== by ? `${by} (account ${account})` : by ?? (account ? `the account ${account}` : 'somebody');

/** 2 d 3 h, 45 min, 20 s */
export function spanText(seconds) {
  const units = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]];
  const at = units.findIndex(([, size]) => seconds >= size);
  if (at < 0) return '0 s';
  const [[unit, size], next] = [units[at], units[at + 1]];
  const rest = next && Math.floor((seconds % size) / next[1]);
  return `${Math.floor(seconds / size)} ${unit}${rest ? ` ${rest} ${next[0]}` : ''}`;
}

/** An exception as the gate and `status` show it. */
export function ofExceptionShown({id, by, reason, until, uses, used_by: used = [], approvals = [], needed, change, state}, at) {
  return {
    kind: 'exception', state: plain(state ?? ''), from: startOf(id) ?? at, to: time(until), label: plain([by ?? 'somebody', reason].filter(Boolean).join(': ')), by: by && plain(by), what: plain(reason ?? ''), url: null,
    facts: shown([['Who', by ?? 'somebody'], ['Why', reason], ['Change', matchWords(change ?? {})], ['Until', time(until)], ['Uses', uses && `${used.length} of ${uses}`], ['Approvals', needed !== undefined ? `${approvals.length} of ${needed}` : null], ['State', state], ['Id', id]]),
    parts: approvals.length > 0 ? [['Approvals', approvals.map(({by: approver, reported_by: account}) => [null, plain(who(approver, account))])]] : [],
  };
}

// An id tells when.
function startOf(id) {
  const found = /(\d{4}-\d\d-\d\d)T(\d\d)\.(\d\d)\.(\d\d)/.exec(id ?? '');
  return found ? time(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`) : null;
}
