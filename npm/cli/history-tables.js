// What was closed, who passed, what was deployed meanwhile: the tables of a report, as texts of others that nobody has escaped.
import {withoutEmpty} from './columns.js';
import {span} from './moments.js';
import {count, counted, NAMED, namesOf} from '../text/counted.js';
import {matchWords} from '../text/match.js';
import {isTagged, isUnknown, missingWords, taggedWords, unknownWords, usesOf} from '../text/history.js';

/** What an auditor reads first: `{sentence, period}`. */
export function answerOf({environments, totals, from, to, org}) {
  const {freezes, windows, overused, deployments} = totals;
  const [refused, passed] = usesOf(environments);
  const missing = missingWords(environments);
  const read = environments.filter(({error}) => !error);
  const tagged = environments.filter(isTagged);
  const found = read.length === 0 ? '' : [
    freezes === 0 ? (tagged.length > 0 ? `nothing on record closed ${manyOf(read)}` : `nothing was closed in ${manyOf(read)}`) : `${[freezes > windows && count(freezes - windows, 'freeze'), windows > 0 && count(windows, 'window')].filter(Boolean).join(' and ')} closed ${closedOf(read)} for ${span(totals.seconds * 1000)}`,
    [refused > 0 && `${refused} refused`, passed > 0 && `${passed} let through`].filter(Boolean).join(', '),
    overused > 0 && `${count(overused, 'exception')} used more often than allowed`,
    freezes > 0 && deployedWords(deployments, environments),
    taggedWords(environments),
  ].filter(Boolean).join('; ');
  const period = from === null ? '' : `${minute(from)} to ${minute(to)} UTC`;
  return {sentence: [missing, found].filter(Boolean).join(': '), period: [period, org].filter(Boolean).join(', ')};
}

/** Whether somebody has to look at it: what nobody can tell is not explained, either. */
export const needsLook = ({environments, totals: {failed, unreadable, overused, deployments}}) =>
  failed + unreadable + overused + (deployments?.unexplained ?? 0) + (deployments?.uncertain ?? 0) > 0 || environments.some(one => isUnknown(one) || isTagged(one));

const manyOf = read => read.length === 1 ? read[0].environment : count(read.length, 'environment');

function closedOf(read) {
  const closed = read.filter(({totals}) => totals.freezes > 0);
  return read.length === 1 ? manyOf(read) : closed.length === read.length ? `all ${counted(read.length)} environments` : `${counted(closed.length)} of ${manyOf(read)}`;
}

function deployedWords(deployments, environments) {
  const unknown = unknownWords(environments);
  const known = deployments ? knownWords(deployments, unknown === '') : '';
  return [known, unknown].filter(Boolean).join('; ');
}

function knownWords({unexplained, uncertain, excepted}, isAll) {
  if (unexplained > 0) return `${count(unexplained, 'deployment')} meanwhile ${unexplained === 1 ? 'is' : 'are'} unexplained${uncertain > 0 ? `, ${uncertain} uncertain` : ''}`;
  if (uncertain > 0) return `${count(uncertain, 'deployment')} meanwhile ${uncertain === 1 ? 'is' : 'are'} uncertain`;
  return excepted > 0 ? `every ${isAll ? '' : 'known '}deployment meanwhile was let through` : isAll ? 'nothing was deployed meanwhile' : '';
}

/** `{title, heads, rows, spare, isBad}`, one after another; those without rows are left out. `isBad` tells which rows need a look, `spare` which columns may go. */
export const tablesOf = document => [closedTable(document), deployedTable(document), exceptionTable(document)].filter(({rows}) => rows.length > 0);

function closedTable({environments}) {
  const facts = environments.flatMap(({environment, freezes, deployments}) => freezes.map(freeze => ({
    environment, freeze, meanwhile: deployments.filter(({freezes, label}) => label !== 'before' && freezes.includes(freeze.id)),
  })));
  // What tells most comes first: a terminal may cut the rest off.
  return {
    title: 'closed',
    ...table(environments, ['by', 'since', 'held', 'refused', 'passed', 'deployed', 'ended', 'why'], facts.map(({environment, freeze, meanwhile}) => [
      environment, freezeHolder(freeze), minute(freeze.since), freeze.held ? span(freeze.held.seconds * 1000) : '',
      some(freeze.refused.length), some(freeze.passed.length), labelled(meanwhile), endOf(freeze), whyOf(freeze),
    ])),
    spare: ['ended', 'passed', 'refused', 'held', 'since'], // the totals have how many
    isBad: facts.map(({meanwhile}) => meanwhile.some(({label}) => label === 'unexplained')),
  };
}

// Of one environment its name is in the sentence above.
function table(environments, heads, rows) {
  const all = ['environment', ...heads];
  return environments.length === 1 ? withoutEmpty(heads, rows.map(row => row.slice(1))) : withoutEmpty(all, rows);
}

/** Who, or which window. */
const freezeHolder = ({window, by, reported_by: account}) => window ? `window ${window.name}` : holder(by, account);

// The time alone, on the same day.
function endOf({state, ended, since}) {
  if (state !== 'ended') return state;
  if (!ended.at) return 'unknown';
  return ended.at.slice(0, 10) === since?.slice(0, 10) ? ended.at.slice(11, 16) : minute(ended.at);
}

function labelled(deployments) {
  const [label, number] = ['unexplained', 'uncertain', 'excepted'].map(label => [label, deployments.filter(deployment => deployment.label === label).length]).find(([, number]) => number > 0) ?? [];
  return label === undefined ? '' : label === 'excepted' ? `${number} let through` : `${number} ${label}`; // the worst
}

// With what was said and done about it later.
function whyOf({reason, by, until, state, ended, said, notes}) {
  const times = ['extended', 'shortened', 'restated'].map(what => [what, said.filter(one => one.what === what).length]).filter(([, number]) => number > 0);
  const lifted = ended && (ended.how !== 'lifted' ? ended.how : ended.by !== by && `lifted by ${holder(ended.by, ended.reported_by)}`);
  const more = [...times.map(([what, number]) => number === 1 ? what : `${what} ${number} times`), state !== 'ended' && until && `until ${minute(until)}`, lifted, ...notes.map(words)].filter(Boolean);
  return [inOneLine(reason), more.length > 0 && `(${more.join(', ')})`].filter(Boolean).join(' ');
}

function deployedTable({environments}) {
  const order = ['unexplained', 'uncertain'];
  const facts = environments.flatMap(({environment, freezes, deployments}) => deployments.filter(({label}) => order.includes(label)).map(deployment => ({environment, freezes, deployment})))
    .sort((one, other) => order.indexOf(one.deployment.label) - order.indexOf(other.deployment.label));
  return {
    title: 'deployed meanwhile, and not let through',
    ...table(environments, ['what', 'when', 'by', 'while', 'commit', 'artifact', 'because'], facts.map(({environment, freezes, deployment}) => [
      environment, deployment.label, minute(deployment.started_at ?? deployment.at), deployment.author ?? '', whileOf(deployment, freezes),
      deployment.commit?.slice(0, 7) ?? '', artifactOf(deployment), deployment.why ?? '',
    ])),
    spare: ['commit', 'while', 'by'],
    isBad: facts.map(({deployment}) => deployment.label === 'unexplained'),
  };
}

// Its name without the digest that some registries add: the fingerprint is the same.
const artifactOf = ({artifact, fingerprint}) => artifact?.replace(/@sha256:[0-9a-f]{64}$/, '') || fingerprint.slice(0, 12);

// Whose freeze it was.
function whileOf({freezes: ids}, freezes) {
  const holders = [...new Set(ids.map(id => freezes.find(freeze => freeze.id === id)).filter(Boolean).map(freezeHolder))];
  return holders.length > 1 ? `${holders[0]} +${holders.length - 1}` : holders[0] ?? '';
}

function exceptionTable({environments}) {
  const facts = environments.flatMap(({environment, exceptions}) => exceptions.map(exception => ({environment, exception})));
  return {
    title: 'exceptions',
    ...table(environments, ['by', 'approved by', 'state', 'used', 'for', 'from', 'until', 'why'], facts.map(({environment, exception}) => [
      environment, holder(exception.by, exception.reported_by), approversOf(exception).join(', '), stateOf(exception), claimedOf(exception),
      matchWords(exception.change ?? {}), minute(exception.from), minute(exception.until), askedWhy(exception),
    ])),
    spare: ['from', 'until', 'used', 'approved by'],
    isBad: facts.map(({exception}) => isOverused(exception)),
  };
}

// With who ended it, and why.
function askedWhy({reason, revoked}) {
  const ended = revoked && `(${[`revoked by ${holder(revoked.by, revoked.reported_by)}`, inOneLine(revoked.reason)].filter(Boolean).join(': ')})`;
  return [inOneLine(reason), ended].filter(Boolean).join(' ');
}

const isOverused = ({notes}) => notes.includes('overused');

const stateOf = exception => isOverused(exception) ? `${exception.state}, overused` : exception.state;

/** Those whose approval counts. */
export const approversOf = ({approvals}) => approvals.filter(({counts}) => counts).map(({by, reported_by: account}) => holder(by, account));

const claimedOf = ({uses, claims}) => claims.length === 0 ? '' : uses === null ? `${claims.length}` : `${claims.length} of ${uses}`;

/** Sums: `[what, text]` each. */
export function totalLines({environments, totals}) {
  const [refused, passed] = usesOf(environments);
  const {freezes, seconds, seconds_by_people: byPeople, seconds_by_windows: byWindows, longest, open, overdue, exceptions, overused, deployments} = totals;
  const {unexplained, excepted, uncertain, before} = deployments ?? {};
  return [
    ['closed', seconds > 0 && `${span(seconds * 1000)}${byPeople > 0 && byWindows > 0 ? `: ${span(byPeople * 1000)} by people, ${span(byWindows * 1000)} by windows` : byWindows > 0 ? ' by windows' : byPeople > 0 ? ' by people' : ''}`],
    ['longest', longest && `${span(longest.seconds * 1000)}, ${longestWords(longest, environments)}`],
    ['open', open + overdue > 0 && [open > 0 && `${counted(open)} still`, overdue > 0 && `${counted(overdue)} overdue: nodeploy sync ends ${overdue === 1 ? 'it' : 'them'} on record`].filter(Boolean).join(', ')],
    ['refused', refused > 0 && `${counted(refused)}, as far as gates have put it on record (assert --record)`],
    ['passed', passed + exceptions > 0 && `${counted(passed)} let through, of ${count(exceptions, 'exception')}${overused > 0 ? `; ${counted(overused)} used more often than allowed` : ''}`],
    ['deployed', deployments && freezes > 0 && [`${counted(unexplained)} unexplained`, `${counted(excepted)} let through`, uncertain > 0 && `${counted(uncertain)} uncertain`, before > 0 && `${counted(before)} started before`].filter(Boolean).join(', ')],
    ...unheardOf(environments).map(text => ['unknown', text]),
  ].filter(([, text]) => text);
}

// One line for all of the same time; of many times one for all.
function unheardOf(environments) {
  const unheard = environments.filter(({totals}) => totals?.unknown_after).map(({environment, totals}) => ({environment, after: minute(totals.unknown_after)}));
  const groups = alike(unheard, ({after}) => after);
  const times = [...groups.keys()].sort();
  const line = (some, when) => `what ran in ${namesOf(some.map(({environment}) => environment))} after ${when}: nothing was reported since`;
  return times.length > NAMED ? [line(unheard, `${times[0]} to ${times.at(-1)}`)] : times.map(when => line(groups.get(when), when));
}

/** By what `of` says of each, in their order. */
function alike(all, of) {
  const groups = new Map();
  for (const one of all) {
    const said = of(one);
    if (groups.has(said)) groups.get(said).push(one);
    else groups.set(said, [one]);
  }
  return groups;
}

function longestWords({environment, id}, environments) {
  const freeze = environments.find(one => one.environment === environment)?.freezes.find(freeze => freeze.id === id);
  return freeze ? `${environment} by ${freezeHolder(freeze)} since ${minute(freeze.since)}` : `${environment} ${id}`;
}

/** What could not be read: a line each, or one for all environments of which the same is to be said. */
export function missingLines({environments}) {
  const failed = alike(environments.filter(({error}) => error), ({environment, from, error}) => `${from === null ? '' : ' to the end'}: ${error.summary.replaceAll(` \`${environment}\``, '')}`);
  return [
    ...[...failed].map(([same, [first, ...others]]) => others.length === 0 ? `${first.environment} could not be read${first.from === null ? '' : ' to the end'}: ${first.error.summary}`
      : `${count(others.length + 1, 'environment')} (${namesOf([first, ...others].map(({environment}) => environment))}) could not be read${same}`),
    ...environments.flatMap(({environment, unreadable}) => unreadable.map(({what, name, detail}) => `${environment}: the ${what} ${name} could not be read: ${detail}`)),
  ];
}

export const holder = (by, account) => by !== null && by !== '' ? by : account ? `account ${account}` : 'somebody';

const some = number => number > 0 ? counted(number) : '';

const words = code => code.replaceAll('_', ' ');

const inOneLine = text => text?.replace(/\s+/g, ' ').trim() ?? '';

// 2024-10-31T10:44:48Z -> 2024-10-31 10:44
const minute = text => text ? text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2') : '';
