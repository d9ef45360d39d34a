// What closes an environment whoever has frozen or lifted it: `on` and `off` go by no policy, and say what a gate by it would.
import {moment} from './moments.js';
import {earlierLine} from './windows.js';
import {plan} from '../core.js';
import {run} from '../loop/run.js';
import {counted, namesOf} from '../text/counted.js';
import {printable} from '../text/printable.js';

const LEADS = {on: 'also', off: 'still'};
const TOLD = 3;

/** Resolves to a `run` whose outcome has `besides`, what is to be told after it. Whoever lifts a freeze at night does so whatever is wrong with the policy that `open` reads. */
export async function runTelling(verb, open) {
  const {policy, unread} = await policyOf(open);
  return async (call, host) => {
    const looks = [];
    const outcome = await run(call, {...host, onEvent(event) {
      if (event.type === 'decided') looks[looks.length > 0 ? 1 : 0] = event.call;
      host.onEvent(event);
    }});
    if (outcome.decision !== 'proceed') return outcome;
    const seen = verb === 'on' ? looks[0] : looks.at(-1); // a freeze hides what a gate would find without it
    const gate = plan({...seen, action: {type: 'status'}, ...(policy && {policy: policy.policy})});
    const texts = [...textsOf(verb, gate, policy), ...(unread ? [unread] : [])];
    return {...outcome, besides: {texts, earlier: verb === 'off' ? earlierLine({...gate, freezes: []}, policy) : undefined}};
  };
}

async function policyOf(open) {
  try {
    return {policy: await open()};
  } catch (error) {
    if (error.advice === undefined) throw error;
    return {unread: `whether a window of the policy closes it, too, is not known: ${error.message}`};
  }
}

function textsOf(verb, {decision, summary, place, windows = []}, policy) {
  if (decision === 'error') return [`a gate cannot tell whether it is open: ${place && policy ? `${policy.at(place)}: ` : ''}${summary}`];
  const closing = windows.filter(({effect, active}) => effect === 'freeze' && active);
  const allowing = windows.filter(({effect}) => effect === 'allow');
  const more = closing.length > TOLD ? [`${LEADS[verb]} closed by ${counted(closing.length - TOLD)} more freeze windows`] : [];
  return [...closing.slice(0, TOLD).map(window => closedBy(window, LEADS[verb])), ...more, ...outside(allowing, LEADS[verb])];
}

const closedBy = ({name, ends_at: ends, timezone, reason}, lead) =>
  `${lead} closed by the freeze window \`${name}\`${ends ? ` until ${moment(ends, timezone)}` : ''}${reason ? `: ${reason}` : ''}`;

function outside(windows, lead) {
  if (windows.length === 0 || windows.some(({active}) => active)) return [];
  const [next] = windows.filter(({starts_at: starts}) => starts).sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
  const names = windows.map(({name}) => `\`${name}\``);
  return [`${lead} closed, outside the allow window${names.length === 1 ? '' : 's'} ${namesOf(names)}${next ? ` until ${moment(next.starts_at, next.timezone)}` : ''}`];
}

/** The lines of all these outcomes: each text once, with the names of those that it is of. */
export function besidesLines(outcomes) {
  const names = new Map();
  for (const {environment, besides} of outcomes) for (const text of besides?.texts ?? []) names.set(text, [...names.get(text) ?? [], environment]);
  const earlier = new Set(outcomes.map(({besides}) => besides?.earlier).filter(Boolean));
  return [...[...names].map(([text, some]) => printable(`${namesOf(some)}: ${text}`)), ...earlier];
}
