// Answers as Markdown, for a job's page, a merge request or a chat. Every text in it is somebody's: none of it is markup.
import {stateWords, whyWords} from './exceptions.js';
import {matchWords} from '../text/match.js';
import {block, code, plain, table} from '../text/markdown.js';

/** Answers, each with its `environment`: what was decided, and who, why, since, until. */
export function markdown(command, answers) {
  return answers.map(answer => [
    `### ${signOf(answer)} nodeploy ${plain(command)}${answer.environment ? `: ${plain(answer.environment)}` : ''}`,
    plain(answer.summary),
    ...facts(answer).map(([[name, text], ...others]) => table([plain(name), IDS.includes(name) ? code(text) : plain(text)], others.map(row => row.map(plain)))),
    answer.opens_at ? `Opens at ${plain(answer.opens_at)}` : answer.closes_at ? `Open until ${plain(answer.closes_at)}` : '',
    ...warnings(answer),
    NAME_POLICY.includes(command) && answer.decision !== 'error' ? plain(policyWords(answer)) : '',
    answer.advice && answer.decision !== 'proceed' ? block(answer.advice) : '',
  ].filter(Boolean).join('\n\n')).join('\n\n');
}

// A page of `status` has it below, in words that only the command line knows.
const NAME_POLICY = ['assert', 'sync'];

const policyWords = ({policy}) => policy?.file ? `Policy ${policy.file}${Number.isInteger(policy.windows) ? `: ${policy.for_environment} of ${policy.windows} windows for this environment` : ''}` : 'No policy was read';

/** A sentence above, tables of texts (`{title, heads, rows}`), and what is said below; `lead` and `notes` are Markdown. */
export const page = ({sign, title, lead, tables = [], notes = []}) => [
  `### ${sign} ${plain(title)}`, lead,
  ...tables.filter(({rows}) => rows.length > 0).flatMap(({title, heads, rows}) => [title && `**${plain(title)}**`, table(heads.map(plain), rows.map(row => row.map(plain)))]),
  ...notes,
].filter(Boolean).join('\n\n');

export const signOf = ({decision}) => SIGNS[decision] ?? SIGNS.error;

export const warnings = ({warnings = []}) => warnings.map(({text}) => `Warning: ${plain(text)}`);

const IDS = ['freeze', 'exception'];

const SIGNS = {proceed: '\u2705', refuse: '\u26D4', error: '\u26A0\uFE0F'};

/** Who, why, since, until: of each freeze that holds, of each window that closes, of each exception that was looked at. */
export function facts({freezes = [], windows = [], exceptions = [], action}) {
  return [
    ...freezes.filter(({state}) => state !== 'ended').map(({id, by, reason, since, until, state, except}) =>
      [['freeze', id], ['by', by], ['why', reason], ['since', since], ['until', until], ['state', state === 'open' ? null : state], ['except', except && matchWords(except)]]),
    ...windows.filter(({effect, active}) => active === (effect === 'freeze')).map(({name, effect, reason, contact, rule, timezone, starts_at: starts, ends_at: ends}) =>
      [[`${effect} window`, name], ['why', reason], ['ask', contact], ['rule', rule && `${rule}, ${timezone}`], ['until', effect === 'freeze' ? ends : starts]]),
    ...exceptions.map(exception =>
      [['exception', exception.id], ['by', exception.by], ['why', exception.reason], ['until', exception.until], ['state', stateWords(exception)], ['but', whyWords(exception, action?.change)]]),
  ].map(rows => rows.filter(([, text]) => text !== null && text !== undefined && text !== ''));
}
