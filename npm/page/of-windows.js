// The agenda of a policy: a row for each window, or all that closes one environment in one row.
import {plain} from './plain.js';
import {shown, time} from './facts.js';

const DAY = 86_400_000;

export function ofWindows(outcome, {environment, policy, now}) {
  const {closures, windows, warnings, summary, action} = outcome.last ?? outcome;
  const at = time(action?.at) ?? now;
  const to = at + (action?.days ?? 90) * DAY;
  const name = policy?.policy?.policy ?? null;
  const bars = closures.map(closure => barOf(closure, windows));
  const rows = environment ? [rowOf(environment, bars, at)] : windows.map(window => rowOfWindow(window, bars, policy, at));
  return {
    kind: 'windows',
    title: environment ? `When ${plain(environment)} is closed` : 'When we are closed',
    about: `${name === null ? 'policy' : `policy ${plain(name)},`} ${plain(policy?.file ?? '')}`.trim(),
    nothing: 'Nothing will be closed in this time.',
    now: at, from: at, to,
    tiles: [['closures', closures.length], ...nextTile(bars, at)],
    notes: [plain(summary), ...warnings.map(({text}) => plain(text))],
    rows,
  };
}

function nextTile(bars, at) {
  const next = bars.filter(({from, to}) => to === null || to > at).sort((a, b) => a.from - b.from)[0];
  if (!next) return [];
  return next.from > at ? [['next closure', next.from]] : [['closed until', next.to ?? 'no end in sight']];
}

function rowOf(environment, items, at) {
  const active = items.filter(({from, to}) => from <= at && (to === null || to > at));
  const next = items.find(({from}) => from > at);
  const says = active.length > 0 ? ['closed until', lastOf(active)] : next ? ['closes', next.from] : ['no closure ahead'];
  return {name: plain(environment), detail: '', state: active.length > 0 ? 'closed' : 'open', says, items};
}

const lastOf = items => items.some(({to}) => to === null) ? 'no end in sight' : items.reduce((last, {to}) => Math.max(last, to), -Infinity);

function rowOfWindow(window, bars, policy, at) {
  const own = window.effect === 'allow' ? [allowed(window)].filter(Boolean) : bars.filter(({window: of}) => of === window.name);
  const selected = policy?.policy?.windows?.find?.(({name}) => name === window.name)?.environments;
  const next = own.find(({from}) => from > at)?.from ?? time(window.starts_at);
  const until = time(window.ends_at) ?? 'no end in sight';
  const isAllow = window.effect === 'allow';
  return {
    name: plain(window.name), detail: Array.isArray(selected) ? plain(selected.join(', ')) : '',
    state: isAllow ? null : window.active ? 'closed' : 'open',
    says: window.active ? [isAllow ? 'open until' : 'closed until', until] : next ? [isAllow ? 'opens' : 'closes', next] : ['never again'],
    items: own.map(({window: _, ...item}) => item),
  };
}

// When an allow window is active is a matter of each environment; of the window alone, its next time is known.
function allowed(window) {
  const from = time(window.starts_at);
  return from === null ? undefined : {
    kind: 'allow', state: 'planned', from, to: time(window.ends_at), label: plain(window.name), by: null, what: plain(window.reason ?? ''), facts: factsOf(window, window), parts: [], url: null,
  };
}

function barOf(closure, windows) {
  const window = windows.find(({name}) => name === closure.name);
  const isWindow = closure.effect === 'freeze';
  return {
    kind: isWindow ? 'window' : 'closed', state: 'planned', from: time(closure.starts_at), to: time(closure.ends_at), window: closure.name,
    label: isWindow ? plain(closure.name) : 'closed', by: null, what: plain(closure.reason ?? (isWindow ? '' : 'no allow window is active')), facts: factsOf(closure, window), parts: [], url: null,
  };
}

const factsOf = (closure, window) => shown([
  ['Window', closure.name], ['Why', closure.reason], ['Ask', closure.contact],
  ['From', time(closure.starts_at)], ['To', time(closure.ends_at) ?? 'no end in sight'],
  ['Rule', window && `${window.rule}, ${window.timezone}`], ['Zone', window ? null : closure.timezone],
]);
