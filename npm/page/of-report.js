// The history of environments: all that was on record and deployed in a period.
import {changeText, shown, spanText, time, who} from './facts.js';
import {link, plain} from './plain.js';
import {isTagged, isUnknown, missingWords, taggedWords, unknownWords, usesOf} from '../text/history.js';
import {matchWords} from '../text/match.js';

const USUAL = 90 * 86_400_000; // a report's period where none was asked for

export function ofReport({report, asked}, {now: clock}) {
  const {org, totals} = report;
  const environments = report.environments.map(one => ({freezes: [], unreadable: [], warnings: [], ...one, totals: one.totals ?? null}));
  const now = time(report.now) ?? clock;
  const to = time(report.to) ?? time(asked?.to) ?? now; // where nothing was read, what was asked
  const doubt = doubtOf(environments);
  return {
    kind: 'report',
    title: environments.length === 1 ? `History of ${plain(environments[0].environment)}` : 'History of our change freezes',
    about: plain(org ?? ''),
    doubt: plain(doubt),
    nothing: doubt === '' ? 'Nothing was closed.' : 'Nothing that could be read was closed.',
    now, from: time(report.from) ?? time(asked?.from) ?? to - USUAL, to,
    tiles: tilesOf(totals ?? {}, environments),
    notes: environments.flatMap(({environment, error, warnings}) => [...(error ? [error.summary] : []), ...warnings.map(({text}) => text)].map(text => plain(`${environment}: ${text}`))),
    rows: environments.map(environment => rowOf(environment, now)),
  };
}

function tilesOf(totals, environments) {
  const {freezes, seconds, deployments, overdue, overused} = totals;
  const [refused, passed] = usesOf(environments);
  const tiles = [[environments.length === 1 ? 'environment' : 'environments', environments.length], ...doubtTiles(environments)];
  if (environments.length > 0 && environments.every(isUnread)) return tiles;
  tiles.push([freezes === 1 ? 'freeze' : 'freezes', freezes ?? 0], [environments.length === 1 ? 'closed' : 'closed in all', spanText(seconds ?? 0)], ['refused', refused], ['passed', passed]);
  if (overdue > 0) tiles.push(['overdue', overdue, true]);
  if (overused > 0) tiles.push(['overused', overused, true]);
  if (deployments) tiles.push([deployments.unexplained === 1 ? 'unexplained deployment' : 'unexplained deployments', deployments.unexplained, deployments.unexplained > 0]);
  return tiles;
}

const isUnread = ({error, from}) => Boolean(error) && (from ?? null) === null; // not a part of it either

// What a number beside it may hide.
function doubtTiles(environments) {
  const entries = environments.reduce((sum, {unreadable}) => sum + unreadable.length, 0);
  return [
    ['not read', environments.filter(({error}) => error).length], [entries === 1 ? 'entry not read' : 'entries not read', entries],
    ['closed, not on record', environments.filter(isTagged).length], ['not fully known', environments.filter(isUnknown).length],
  ].filter(([, number]) => number > 0).map(tile => [...tile, true]);
}

// What is not known, as the first line of the text has it.
const doubtOf = environments => [missingWords(environments), unknownWords(environments), taggedWords(environments)].filter(Boolean).join('; ');

function rowOf({environment, freezes, exceptions = [], deployments = [], unreadable, totals, warnings, error}, now) {
  const isClosedByTag = isTagged({warnings});
  const items = [
    ...freezes.flatMap(freeze => ofFreeze(freeze, deployments, now)),
    ...exceptions.map(exception => ofException(exception)),
    ...deployments.map(deployment => ofDeployment(deployment, freezes)),
  ].map(item => ({...item, from: item.from ?? now})); // unreadable, and yet there
  const open = freezes.filter(({state}) => state === 'open' || state === 'overdue').length;
  const doubts = [
    isClosedByTag && ['closed, not on record'],
    totals?.unknown_after && ['not heard of after', time(totals.unknown_after)],
    unreadable.length > 0 && [`${unreadable.length} unreadable`],
  ].filter(Boolean);
  const says = error ? ['not known', plain(error.reason)] : doubts[0] ?? [`${freezes.length} freeze${freezes.length === 1 ? '' : 's'}`, ...(totals?.seconds > 0 ? [spanText(totals.seconds)] : [])];
  const state = error ? 'unknown' : open > 0 || isClosedByTag ? 'closed' : unreadable.length > 0 ? 'unknown' : null;
  return {name: plain(environment), detail: error ? plain(error.summary) : '', state, says, items};
}

function ofFreeze(freeze, deployments, now) {
  const {id, window, by, reported_by: account, reason, until, state, ended, held, said = [], refused = [], passed = [], notes = [], url} = freeze;
  const isVague = ended !== null && ended !== undefined && endOf(freeze) === null && state === 'ended';
  const end = isVague ? time(held?.to) ?? time(freeze.since) ?? now : endOf(freeze);
  const label = plain(window ? window.name : [by ?? 'somebody', reason].filter(Boolean).join(': '));
  const meanwhile = deployments.filter(({freezes}) => freezes?.includes(id));
  const bar = {
    kind: window ? 'window' : 'freeze', state, from: time(freeze.since) ?? end ?? now, to: end, ...(time(until) !== null && end === null && {until: time(until)}), ...(isVague && {isVague}),
    label, by: by && plain(by), what: plain(reason ?? ''), url: link(url),
    facts: shown([
      ['State', STATE[state] ?? state], ['Window', window && [window.policy, window.name].filter(Boolean).join('/')], ['Who', who(by, account)], ['Why', reason], ['Since', time(freeze.since)], ['Until', time(until)],
      ['Ended', isVague ? 'not known' : time(ended?.at)], ['Ended by', ended && who(ended.by, ended.reported_by)], ['How', ended && (HOW[ended.how] ?? ended.how)], ['Why it ended', ended?.reason],
      ['Held in this period', held && spanText(held.seconds)], ['Noted', notes.map(note => NOTES[note] ?? note).join('; ')], ['Id', id],
    ]),
    parts: parts([
      ['Said later', said.map(one => [time(one.at), who(one.by, one.reported_by), one.what, one.reason, one.until && `until ${one.until}`])],
      ['Refused', refused.map(one => [time(one.at), one.run && `run ${one.run}`, changeText(one.change), accountOf(one)])],
      ['Let through', passed.map(one => [time(one.at), one.run && `run ${one.run}`, changeText(one.change), one.exception, accountOf(one)])],
      ['Deployed meanwhile', meanwhile.map(one => [time(one.at), one.label, one.artifact, one.trail])],
    ]),
  };
  const marks = [['refused', refused], ['passed', passed]].flatMap(([kind, list]) => list.map(one => ({
    kind, state: kind, from: time(one.at), to: null, label: plain(one.run ? `run ${one.run}` : ''), by: plain(one.change?.actor ?? one.reported_by ?? '') || null, what: plain(changeText(one.change)), url: link(url), parts: [],
    facts: shown([['When', time(one.at)], ['Run', one.run], ['Change', changeText(one.change)], ['Because', kind === 'refused' ? one.reason : null], ['Exception', one.exception], ['Account', one.reported_by], ['Freeze', `${label} (${id})`]]),
  })));
  return [bar, ...marks];
}

// What expired held until then, whenever `sync` came by.
function endOf({ended, until, state}) {
  if (state === 'open' || state === 'overdue' || !ended) return null;
  return (ended.how === 'expired' ? time(until) : null) ?? time(ended.at);
}

function ofException({id, asked_at: asked, from, until, by, reported_by: account, reason, change, freezes = [], windows = [], approvals = [], needed, revoked, uses, claims = [], state, notes = [], url}) {
  return {
    kind: 'exception', state, from: Math.max(time(asked) ?? time(from), time(from)) || null, to: time(revoked?.at) ?? time(until), label: plain([by ?? 'somebody', reason].filter(Boolean).join(': ')), by: by && plain(by), what: plain([reason, matchWords(change ?? {})].filter(Boolean).join('; ')), url: link(url),
    facts: shown([
      ['State', EXCEPTION[state] ?? state], ['Who', who(by, account)], ['Why', reason], ['Change', matchWords(change ?? {})], ['Asked', time(asked)], ['From', time(from)], ['Until', time(until)],
      ['Approvals', `${approvals.filter(({counts}) => counts).length} of ${needed ?? 0}`], ['Uses', `${claims.filter(({counts}) => counts).length} of ${uses ?? 1}`],
      ['Revoked', time(revoked?.at)], ['Revoked by', revoked && who(revoked.by, revoked.reported_by)], ['Why revoked', revoked?.reason],
      ['Freezes', freezes.join(', ')], ['Windows', windows.map(({policy, name}) => [policy, name].filter(Boolean).join('/')).join(', ')],
      ['Noted', notes.map(note => NOTES[note] ?? note).join('; ')], ['Id', id],
    ]),
    parts: parts([
      ['Approvals', approvals.map(one => [time(one.at), who(one.by, one.reported_by), one.counts ? '' : 'does not count', one.reason])],
      ['Uses', claims.map(one => [time(one.at), one.run && `run ${one.run}`, changeText(one.change), one.counts ? '' : 'does not count', accountOf(one)])],
    ]),
  };
}

function ofDeployment({at, started_at: started, artifact, fingerprint, flow, trail, commit, author, snapshot, compliant, label, why, freezes = [], exception, run, url}, all) {
  const names = freezes.map(id => all.find(freeze => freeze.id === id)).filter(Boolean).map(({window, by, id}) => `${window ? window.name : by ?? 'somebody'} (${id})`);
  return {
    kind: 'deployment', state: label, from: time(started) ?? time(at), to: null, label: plain(artifact ?? fingerprint ?? ''), by: author ? plain(author) : null, what: plain(artifact ?? ''), url: link(url), parts: [],
    facts: shown([
      ['Judged', DEPLOYMENT[label] ?? label], ['Because', why], ['Artifact', artifact], ['Started', time(started)], ['Reported', time(at)], ['Author', author], ['Commit', commit], ['Trail', [flow, trail].filter(Boolean).join('/')],
      ['During', names.join(', ')], ['Exception', exception], ['Run', run], ['Compliant', compliant === undefined || compliant === null ? null : compliant ? 'yes' : 'no'], ['Snapshot', snapshot && `#${snapshot}`], ['Fingerprint', fingerprint],
    ]),
  };
}

const parts = list => list.filter(([, rows]) => rows.length > 0)
  .map(([title, rows]) => [title, rows.map(([at, ...texts]) => [at, ...texts.filter(Boolean).map(text => plain(text, {lines: true}))])]);

const accountOf = ({reported_by: by}) => by && `account ${by}`;

const STATE = {open: 'open', overdue: 'overdue: its end has passed, and nothing on record ended it', ended: 'ended', begun: 'begun only: the record has no freeze'};
const HOW = {lifted: 'lifted', expired: 'expired, as planned', dropped: 'dropped: the policy no longer wants it', unknown: 'not known'};
const EXCEPTION = {
  pending: 'waits for approval', approved: 'approved', used: 'used', revoked: 'revoked', expired: 'expired with uses left', lapsed: 'lapsed: ended without the approvals it needed', cut: 'cut: the record has no request',
};
const DEPLOYMENT = {
  unexplained: 'unexplained: nothing on record let it through', excepted: 'excepted: an exception let it through', before: 'before: it ran before anything was closed', uncertain: 'uncertain: too close to tell',
};
const NOTES = {
  mended: 'put on record by sync', ended_twice: 'ended twice: the first counts', ended_unknown: 'ended, and nobody can tell when', unreadable_until: 'its planned end cannot be read', by_script: 'set by the script of the blog post', by_hand: 'set by hand', not_begun: 'ended without a begin on record',
  wrong_name: 'the record names somebody else than its id', overused: 'used more often than allowed', unused: 'never used',
};
