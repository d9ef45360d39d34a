// What GitHub shows of an answer: a summary of the job, and an annotation where it does not pass.

export const UNDECIDED = 'nodeploy could not decide';

/** The answers in a document of the command line, each with the environment that it is about. */
export const answersOf = (document, environment) =>
  (document.environments ?? [document]).map(answer => ({environment, ...answer}));

/** A refusal is somebody's will, an error is a fault: they look different. `undefined` where it passes. */
export function annotation(answer) {
  const {decision, environment, summary, advice} = answer;
  if (decision === 'proceed') return undefined;
  const isRefused = decision === 'refuse';
  const told = facts(answer).map(rows => rows.map(([name, text]) => `${name} ${oneLine(text)}`).join(', '));
  return {
    level: isRefused ? 'warning' : 'error',
    title: isRefused ? `${environment || 'this environment'} is ${answer.reason === 'frozen' ? 'frozen' : 'closed'}` : `${UNDECIDED}${environment ? ` about ${environment}` : ''}`,
    message: [oneLine(summary), ...told, advice && oneLine(advice)].filter(Boolean).join('\n'),
  };
}

/** The same for the job's page. Every text in it is somebody's: none of it is markup. */
export function markdown(command, answers) {
  return answers.map(answer => [
    `### ${SIGNS[answer.decision] ?? SIGNS.error} nodeploy ${plain(command)}${answer.environment ? `: ${plain(answer.environment)}` : ''}`,
    plain(answer.summary),
    ...facts(answer).map(table),
    answer.opens_at ? `Opens at ${plain(answer.opens_at)}` : answer.closes_at ? `Open until ${plain(answer.closes_at)}` : '',
    ...(answer.warnings ?? []).map(({text}) => `Warning: ${plain(text)}`),
    answer.advice && answer.decision !== 'proceed' ? `<pre>${plain(answer.advice)}</pre>` : '',
  ].filter(Boolean).join('\n\n')).join('\n\n');
}

const SIGNS = {proceed: '\u2705', refuse: '\u26D4', error: '\u26A0\uFE0F'};

// Who, why, since, until: of each freeze that holds, of each window that closes, of each exception that was looked at.
function facts({freezes = [], windows = [], exceptions = []}) {
  return [
    ...freezes.filter(({state}) => state !== 'ended').map(({id, by, reason, since, until, state}) =>
      [['freeze', id], ['by', by], ['why', reason], ['since', since], ['until', until], ['state', state === 'open' ? null : state]]),
    ...windows.filter(({effect, active}) => active === (effect === 'freeze')).map(({name, effect, reason, contact, rule, timezone, starts_at: starts, ends_at: ends}) =>
      [[`${effect} window`, name], ['why', reason], ['ask', contact], ['rule', rule && `${rule}, ${timezone}`], ['until', effect === 'freeze' ? ends : starts]]),
    ...exceptions.map(({id, by, reason, until, state, why}) => [['exception', id], ['by', by], ['why', reason], ['until', until], ['state', [state, why].filter(Boolean).join(', ')]]),
  ].map(rows => rows.filter(([, text]) => text !== null && text !== undefined && text !== ''));
}

function table([[name, text], ...others]) {
  return [`| ${plain(name)} | ${plain(text)} |`, '| --- | --- |', ...others.map(([what, value]) => `| ${plain(what)} | ${plain(value)} |`)].join('\n');
}

// Every sign that Markdown or HTML could read as its own is written as a number.
const plain = text => oneLine(text).replace(/[^\p{L}\p{M}\p{N} ]/gu, sign => `&#${sign.codePointAt(0)};`);

// What has no shape of its own, or turns others around, is written out.
const oneLine = text => String(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, sign => `\\u{${sign.codePointAt(0).toString(16)}}`);
