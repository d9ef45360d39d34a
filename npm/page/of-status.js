// How environments stand: a bar for what closes each of them, a mark where that changes next.
import {plain} from './plain.js';
import {ofExceptionShown, shown, time} from './facts.js';

const DAY = 86_400_000;

export function ofStatus(outcome, {environment, policy, now}) {
  const answer = outcome.last ?? outcome;
  const at = time(answer.action?.at) ?? now;
  const rows = answer.overview ? answer.overview.map(row => rowOf(row, at))
    : (outcome.outcomes ?? [{...answer, environment}]).map(one => rowOfOne(one.last ? {...one.last, environment: one.environment} : one, at));
  const items = rows.flatMap(row => row.items);
  const known = items.flatMap(({from, to, until}) => [from, to, until]).filter(Number.isFinite);
  const last = known.reduce((last, one) => Math.max(last, one), at + 2 * DAY); // not as arguments of one call: a stack has no room for so many
  const closed = rows.filter(({state}) => state === 'closed').length;
  const unknown = rows.filter(({state}) => state === 'unknown').length;
  return {
    kind: 'status',
    title: rows.length === 1 ? `How ${rows[0].name} stands` : 'How our environments stand',
    about: policy ? `policy ${plain(policy.file)}` : '',
    nothing: unknown > 0 ? 'Nothing that could be read is closed.' : 'Nothing is closed.',
    now: at, from: known.reduce((first, one) => Math.min(first, one), at - DAY), to: last + (last - at) * 0.15, // what is written there has to fit
    tiles: [[rows.length === 1 ? 'environment' : 'environments', rows.length], ['closed', closed, closed > 0], ['open', rows.length - closed - unknown], ...(unknown > 0 ? [['unknown', unknown, true]] : [])],
    notes: [plain(outcome.summary), ...(answer.warnings ?? []).map(({text}) => plain(text))],
    rows,
  };
}

// A row of the overview tells of one freeze, the oldest, and how many there are.
function rowOf(row, at) {
  const {environment, type, decision, reason, by, why, since, until, freezes, windows, opens_at: opens, closes_at: closes} = row;
  const items = [];
  if (freezes > 0) {
    items.push(freezeOf({since, by, reason: why, until, others: freezes - 1}, at));
  } else if (decision === 'refuse') {
    const isWindow = windows.length > 0;
    items.push({
      kind: isWindow ? 'window' : 'closed', state: 'open', from: time(since) ?? at, to: time(until) ?? time(opens), label: plain(windows.join(', ') || why || reason), by: null, what: plain(why ?? reason), parts: [], url: null,
      facts: shown([['Windows', windows.join(', ')], ['Why', why], ['Until', time(until) ?? time(opens)]]),
    });
  }
  items.push(...changes({opens, closes}));
  return {name: plain(environment), detail: plain(type ?? ''), state: decision === 'error' ? 'unknown' : decision === 'proceed' ? 'open' : 'closed', says: saysOf({opens, closes, decision, reason}), items};
}

function rowOfOne({environment, decision, reason, summary, freezes = [], windows = [], exceptions = [], opens_at: opens, closes_at: closes}, at) {
  const active = windows.filter(({active, effect}) => active && effect === 'freeze');
  const isOutside = reason === 'outside_allow_windows' || (decision === 'refuse' && windows.some(({effect}) => effect === 'allow') && !windows.some(({effect, active}) => effect === 'allow' && active));
  const items = [
    ...freezes.filter(({state}) => state === undefined || state === 'open').map(freeze => freezeOf(freeze, at)),
    ...active.map(window => ofWindow(window, at)),
    ...(isOutside ? [{kind: 'closed', state: 'open', from: at, to: time(opens), label: 'closed', by: null, what: 'outside all allow windows', parts: [], url: null, facts: shown([['Opens', time(opens)]])}] : []),
    ...exceptions.map(exception => ofExceptionShown(exception, at)),
    ...changes({opens, closes}),
  ];
  const state = decision === 'error' ? 'unknown' : decision === 'proceed' ? 'open' : 'closed';
  return {name: plain(environment), detail: decision === 'error' ? plain(summary) : '', state, says: saysOf({opens, closes, decision, reason}), items};
}

function freezeOf({id, since, by, reported_by: account, reason, until, others}, at) {
  const [from, end] = [time(since) ?? at, time(until)];
  const holder = `${by ?? 'somebody'}${others > 0 ? ` +${others}` : ''}`; // as the table in the terminal has it
  return {
    kind: 'freeze', state: end !== null && end <= at ? 'overdue' : 'open', from, to: null, ...(end !== null && {until: end}),
    label: plain([holder, reason].filter(Boolean).join(': ')), by: others > 0 ? plain(holder) : by && plain(by), what: plain(reason ?? ''), parts: [], url: null,
    facts: shown([
      ['Who', by ?? 'somebody'], ['Account', account], ['Why', reason], ['Since', time(since) ?? 'not known'], ['Until', end ?? 'no end is planned'],
      ['Besides', others > 0 ? `${others} more freeze${others > 1 ? 's' : ''}` : null], ['Id', id],
    ]),
  };
}

const ofWindow = ({name, reason, contact, starts_at: starts, ends_at: ends, rule, timezone}, at) => ({
  kind: 'window', state: 'open', from: time(starts) ?? at, to: time(ends), label: plain(name), by: null, what: plain(reason ?? ''), parts: [], url: null,
  facts: shown([['Window', name], ['Why', reason], ['Ask', contact], ['From', time(starts)], ['To', time(ends) ?? 'no end in sight'], ['Rule', `${rule}, ${timezone}`]]),
});

const changes = ({opens, closes}) => [['opens', opens], ['closes', closes]].filter(([, at]) => time(at) !== null).map(([kind, at]) => ({
  kind, state: 'planned', from: time(at), to: null, label: '', by: null, what: '', parts: [], url: null, facts: [[kind === 'opens' ? 'Opens' : 'Closes', time(at)]],
}));

function saysOf({opens, closes, decision, reason}) {
  if (decision === 'error') return ['not known', plain(reason)];
  if (decision !== 'proceed') return opens ? ['opens', time(opens)] : ['closed'];
  return closes ? ['closes', time(closes)] : ['open'];
}
