// A report as CSV: a row for each fact, of an environment first how it was read.
import {approversOf} from './history-tables.js';
import {csvRecord} from '../text/csv.js';
import {unrecorded} from '../text/history.js';

const COLUMNS = [
  'kind', 'environment', 'id', 'state', 'by', 'account', 'reason', 'since', 'until', 'ended', 'ended_by', 'ended_reason', 'held_seconds', 'refused', 'passed', 'window',
  'change', 'run', 'approved_by', 'uses', 'claims', 'freezes', 'exception', 'artifact', 'fingerprint', 'flow', 'trail', 'commit', 'snapshot', 'notes', 'url',
];

export const csvHead = () => csvRecord(COLUMNS);

/** The rows of one environment. */
export function csvRows({environment, from, to, freezes, exceptions, deployments, unreadable, totals, warnings, error}) {
  const rows = [
    {kind: 'environment', state: error ? 'failed' : 'read', reason: error?.summary, since: from, until: to, held_seconds: totals?.seconds},
    ...(totals?.unknown_after ? [{kind: 'unknown', since: totals.unknown_after, reason: 'nothing was reported since'}] : []),
    ...unrecorded(warnings).map(({text}) => ({kind: 'unknown', reason: text})),
    ...unreadable.map(({what, name, detail}) => ({kind: 'unreadable', id: name, state: what, reason: detail})),
    ...freezes.flatMap(freeze => [freezeRow(freeze), ...freeze.said.map(said => ({kind: 'said', id: freeze.id, state: said.what, ...saidBy(said), until: said.until})),
      ...freeze.refused.map(refused => ({kind: 'refused', id: freeze.id, ...useOf(refused), state: refused.reason})),
      ...freeze.passed.map(passed => ({kind: 'passed', id: freeze.id, ...useOf(passed), exception: passed.exception}))]),
    ...exceptions.map(exceptionRow),
    ...deployments.map(deploymentRow),
  ];
  return rows.map(row => csvRecord(COLUMNS.map(column => column === 'environment' ? environment : row[column]))).join('');
}

const saidBy = ({at, by, reported_by: account, reason}) => ({since: at, by, account, reason});

const useOf = ({at, run, change, reported_by: account}) => ({since: at, run, change: facts(change), account});

const freezeRow = ({id, window, since, by, reported_by: account, reason, until, state, ended, held, refused, passed, notes, url}) => ({
  kind: 'freeze', id, state: ended ? ended.how : state, by, account, reason, since, until, ended: ended?.at, ended_by: ended && (ended.by ?? ended.reported_by), ended_reason: ended?.reason,
  held_seconds: held?.seconds ?? 0, refused: refused.length, passed: passed.length, window: window && windowName(window), notes: list(notes), url,
});

const exceptionRow = exception => {
  const {id, from, until, by, reported_by: account, reason, change, freezes, windows, revoked, uses, claims, state, notes, url} = exception;
  return {
    kind: 'exception', id, state, by, account, reason, since: from, until, ended: revoked?.at, ended_by: revoked && (revoked.by ?? revoked.reported_by), ended_reason: revoked?.reason,
    window: list(windows.map(windowName)), change: facts(change), approved_by: list(approversOf(exception)), uses, claims: claims.length, freezes: list(freezes), notes: list(notes), url,
  };
};

const deploymentRow = ({at, started_at: started, artifact, fingerprint, flow, trail, commit, author, snapshot, label, why, freezes, exception, run, url}) => ({
  kind: 'deployment', state: label, by: author, reason: why, since: started ?? at, until: at, freezes: list(freezes), exception, run, artifact, fingerprint, flow, trail, commit, snapshot, url,
});

const windowName = ({policy, name}) => policy ? `${policy}/${name}` : name;

const facts = change => change && Object.entries(change).map(([key, value]) => `${key}=${[value].flat().join('|')}`).join(' ');

const list = items => items.join(' ') || null;
