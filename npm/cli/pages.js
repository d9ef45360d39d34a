// `status` and `windows` as Markdown (`--md`).
import {fleetTable} from './fleet.js';
import {markdown, page, signOf, warnings} from './markdown.js';
import {noPolicyLine, policyLine} from './policy-file.js';
import {agendaTable, windowTable} from './windows.js';
import {block, plain} from '../text/markdown.js';

/** What `showText` tells, of `status` and `windows`. */
export function answerPage(given, {verb, environment, values, policy, withPlace}) {
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
  return [markdown(verb, answers), plain(outcome.outcomes ? outcome.summary : policyLine(answer, policy, environment, values.policy))].join('\n\n');
}

// Its next commands reach the Kosli that was asked, as those of `showText` do.
const placed = (outcome, withPlace) => ({
  ...outcome,
  ...(outcome.advice && {advice: withPlace(outcome.advice, outcome.next)}),
  ...(outcome.warnings && {warnings: outcome.warnings.map(warning => ({...warning, text: withPlace(warning.text, warning.next)}))}),
  ...(outcome.last && {last: placed(outcome.last, withPlace)}),
  ...(outcome.outcomes && {outcomes: outcome.outcomes.map(one => placed(one, withPlace))}),
});
