// `status` and `windows` as Markdown (`--md`).
import {approveLines, nextLines} from './exceptions.js';
import {fleetTable} from './fleet.js';
import {markdown, page, signOf, warnings} from './markdown.js';
import {noPolicyLine, policyLine} from './policy-file.js';
import {agendaTable, earlierLine, windowTable} from './windows.js';
import {block, plain} from '../text/markdown.js';

/** What `showText` tells, of `status` and `windows`; `asking` is the change that an exception would have to let pass. */
export function answerPage(given, {verb, environment, values, policy, asking, withPlace}) {
  const outcome = placed(given, withPlace);
  const answer = outcome.last ?? outcome;
  if (answer.overview) {
    const which = policy ? `policy ${policy.file}` : noPolicyLine(values.policy);
    const rows = answer.overview.filter(({decision}) => !values.closed || decision !== 'proceed');
    const worst = answer.overview.some(({decision}) => decision !== 'proceed') ? 'refuse' : 'proceed';
    return page({
      sign: signOf(outcome.decision === 'proceed' ? {decision: worst} : outcome), title: outcome.summary, tables: [fleetTable(rows)],
      notes: [...warnings(outcome), plain(`${which}; times are in UTC, as the tags have it`), outcome.advice && block(outcome.advice)],
    });
  }
  if (verb === 'windows') {
    const at = Date.parse(answer.action?.at ?? '') || Date.now();
    return page({sign: '\u{1F4C5}', title: outcome.summary, tables: [agendaTable(answer.closures, {at}), windowTable(answer.windows)], notes: warnings(answer)});
  }
  const answers = outcome.outcomes?.map(one => ({...(one.last ?? one), ...one})) ?? [{environment, ...answer, ...outcome}];
  const last = outcome.outcomes ? [plain(outcome.summary)] : [plain(policyLine(answer, policy, environment, values.policy)), ...nextSteps(answer, {environment, policy, asking, withPlace})];
  const others = approveLines(answers, given).map(line => withPlace(line, given.next)).filter(line => line !== outcome.advice);
  return [markdown(verb, answers), ...last, ...others.map(line => block(line))].join('\n\n');
}

// What there is to do besides the advice.
function nextSteps(answer, {environment, policy, asking, withPlace}) {
  const earlier = earlierLine(answer, policy);
  const lines = asking ? nextLines({exceptions: answer.exceptions, environment, ...asking}) : [];
  return [...(earlier ? [plain(earlier)] : []), ...lines.map(([line, type]) => block(withPlace(line, {action: {type}})))];
}

// Its next commands reach the Kosli that was asked, as those of `showText` do.
const placed = (outcome, withPlace) => ({
  ...outcome,
  ...(outcome.advice && {advice: withPlace(outcome.advice, outcome.next)}),
  ...(outcome.warnings && {warnings: outcome.warnings.map(warning => ({...warning, text: withPlace(warning.text, warning.next)}))}),
  ...(outcome.last && {last: placed(outcome.last, withPlace)}),
  ...(outcome.outcomes && {outcomes: outcome.outcomes.map(one => placed(one, withPlace))}),
});
