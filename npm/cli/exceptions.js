// Exceptions on record, as people read them.
import {commandLine} from '../core.js';
import {matchWords} from '../text/match.js';
import {printable} from '../text/printable.js';
import {shellLine} from '../text/shell.js';

/** A paragraph each, as freezes have theirs. `run`: whose use is told from those of others. */
export const exceptionLines = (exceptions, {run, change} = {}) => exceptions.flatMap(exception => [
  `  ${printable(exception.id)} (${printable(stateWords(exception))})`,
  ...[
    ['by', holder(exception)],
    ['why', exception.reason],
    ['for', exception.change && matchWords(exception.change)],
    ['past', coverWords(exception)],
    ['until', exception.until && time(exception.until)],
    ['agreed', approvalWords(exception)],
    ['uses', useWords(exception, run)],
    ['but', whyWords(exception, change)],
  ].filter(([, text]) => text).map(([label, text]) => `    ${label.padEnd(6)} ${printable(text)}`),
]);

/** How it stands with it. */
export const stateWords = ({state}) => STATES[state] ?? state;

/** Why it does not let this change pass, where its state does not tell. `stated`: the facts of this change, where they are known. */
export function whyWords({why, change, state}, stated) {
  if (OVER.includes(state)) return undefined;
  const missing = why === 'other_change' && stated ? Object.keys(change ?? {}).filter(key => !Object.hasOwn(stated, key)) : [];
  return missing.length === 0 ? WHYS[why] : `it asks for what this change does not state: ${missing.map(key => `--change ${key}=\u2026`).join(' ')}`;
}

/** What `--awaiting` says where nothing waits, and that is known of all of these answers. */
export const awaitingNone = answers => answers.length > 0 && answers.every(isAwaitingNone) ? ['no exception waits for an approval'] : [];

const isAwaitingNone = ({decision, exceptions = [], warnings = []}) => decision !== 'error'
  && !exceptions.some(({state}) => ['awaiting', 'live', 'unreadable'].includes(state)) && !warnings.some(({code}) => ['unreadable_exceptions', 'many_exceptions'].includes(code));

/** What approves each that waits for it, of all environments that it is asked for in: an advice is of the first. None where it is about something else. */
export function approveLines(answers, {advice, next}) {
  if (next?.action.type !== 'approve') return [];
  const waiting = new Map();
  for (const {environment, exceptions = []} of answers) {
    for (const {id, state, why} of exceptions) if (state === 'awaiting' && [null, 'not_approved'].includes(why)) waiting.set(id, [...waiting.get(id) ?? [], environment]);
  }
  const [lead] = advice.split(': nodeploy ');
  return [...waiting].map(([exception, environments]) => `${lead}: ${commandLine({environment: environments.join(','), action: {...next.action, exception}, now: new Date()})}`);
}

const STATES = {
  live: 'not over', // nobody has read its approvals
  awaiting: 'waits for an approval', usable: 'may be used', claiming: 'is being claimed', passed: 'used by this run', used_up: 'used up',
  revoked: 'revoked', expired: 'over', unreadable: 'could not be read',
};

const WHYS = {
  other_change: 'it is for other changes',
  does_not_cover: 'it does not cover all that closes now: what came later needs an exception of its own',
  restated: 'a freeze that it covers has been given another reason since',
  not_on_record: 'a freeze that it covers is not on record: `nodeploy sync` puts it there',
  no_run: 'the run is not known: say --run ID',
  exception_unclaimed: 'no use of this run is on record: say --claim, or let a trusted job claim it',
  ends_too_soon: 'it ends before the deployment is done',
  too_long: 'it lasts longer than the policy allows',
};

const holder = ({by, reported_by: account}) => account ? by === null ? `the account ${account}` : `${by} (account ${account})` : by;

const coverWords = ({freezes, windows}) => [
  ...freezes.map(id => `the freeze ${id}`), ...windows.map(({policy, name}) => `the window ${name}${policy ? ` of ${policy}` : ''}`),
].join(', ');

// Whatever change it is for.
const OVER = ['revoked', 'expired'];

// Of what is over nobody has read the approvals.
const UNREAD = [...OVER, 'live'];

function approvalWords({approvals, needed, state}) {
  if (approvals.length === 0 && UNREAD.includes(state)) return undefined;
  const names = approvals.map(holder).join(', ');
  const count = needed === null || needed === approvals.length ? undefined : `${approvals.length} of ${needed}`;
  return [count, names].filter(Boolean).join(': ') || (needed === 0 ? 'nobody has to' : undefined);
}

function useWords({uses, used_by: users}, run) {
  if (uses === null || users.length === 0) return uses > 1 ? `${uses}` : undefined;
  const mine = users.findIndex(user => user.run === run);
  return mine >= 0 ? `${mine + 1} of ${uses} by this run` : `${users.length} of ${uses}: ${users.map(user => user.run).join(', ')}`;
}

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44:48 UTC
const time = text => text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)Z$/, '$1 $2 UTC');

/** At a gate that is closed, each with its verb: where it is told who has revoked what would let this change pass, and what one would have to ask for. */
export function nextLines({exceptions, environment, ci, change}) {
  const isRevoked = exceptions.some(({why}) => why === 'revoked');
  const asking = askingLine({exceptions, environment, ci, change});
  return [
    ...(isRevoked ? [[`to see who revoked the exception, and why: ${shellLine(['nodeploy', '-e', environment, 'report'])}`, 'report']] : []),
    ...(asking ? [[asking, 'except']] : []),
  ];
}

// As a line to paste; `undefined` where it is asked for already. By whom and where it is started says less of what is deployed than its commit,
// which a CI has, and the gate can state where the CI does not.
function askingLine({exceptions, environment, ci, change}) {
  const facts = Object.entries(change).map(([key, value]) => `${key}=${value}`);
  // Of those that are for this change the core says what to do.
  if (facts.length === 0 || exceptions.some(({why, state}) => ['exception_unclaimed', 'not_approved', 'no_run'].includes(why) || (why === null && state === 'awaiting'))) return undefined;
  const {commit = ci && 'HASH'} = change;
  const also = commit === change.commit ? '' : ' for the commit HASH, which the gate must state, too (--change commit=HASH)';
  const what = commit === undefined ? facts : [`commit=${commit}`];
  return `to ask for an exception${also}: ${shellLine(['nodeploy', '-e', environment, '-r', 'WHY', ...what.flatMap(fact => ['--change', fact]), '--until', '2h', 'except'])}`;
}
