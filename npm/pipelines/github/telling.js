// What GitHub shows of an answer where it does not pass: an annotation. (The job's page has it as Markdown: cli/markdown.js.)
import {facts} from '../../cli/markdown.js';
import {oneLine} from '../../text/markdown.js';

export const UNDECIDED = 'nodeploy could not decide';

/** The answers in a document of the command line, each with the environment that it is about. What none of them says is said of all: why it is not known which are meant. */
export function answersOf(document, environment) {
  const each = document.totals ? [] : document.environments ?? []; // a report has one sentence for all
  return (each.some(({decision}) => decision === document.decision) ? each : [document]).map(answer => ({environment, ...answer}));
}

/** A refusal is somebody's will, an error is a fault: they look different. `undefined` where it passes. */
export function annotation(answer) {
  const {decision, environment, summary, advice} = answer;
  if (decision === 'proceed') return undefined;
  const isRefused = decision === 'refuse';
  const told = facts(answer).map(rows => rows.map(([name, text]) => `${name} ${oneLine(text)}`).join(', '));
  return {
    level: isRefused ? 'warning' : 'error',
    title: isRefused ? titleOf(answer) : `${UNDECIDED}${environment ? ` about ${environment}` : ''}`,
    message: [oneLine(summary), ...told, advice && oneLine(advice)].filter(Boolean).join('\n'),
  };
}

/** The advice is about options of the command line; a workflow has inputs. */
export const ofInputs = answer => answer.reason in WITHOUT && /(^|\s)--?[a-z]/.test(answer.advice ?? '')
  ? {...answer, advice: `${answer.advice}; in the action, options are inputs: environments for -e, reason for -r, the others by name${/--policy=/.test(answer.advice) ? WITHOUT[answer.reason] : ''}`} : answer;

// What `--policy=` is there, since an input that is empty is one that is not given: of a policy that was named, and of a file that may be one.
const WITHOUT = {bad_policy: '; for --policy= leave policy out', usage: '; for --policy= take `command: setup`, then `run: nodeploy …`'};

const MOST = 1_000_000; // bytes: of a summary larger than 1 MiB GitHub shows nothing at all

/** The beginning of a job's summary that GitHub takes, whole lines of it. */
export function fitting(text) {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST) return text;
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n', MOST)).toString();
  return `${whole}\n\n**This is not all of it: GitHub takes 1 MiB. The rest is in the log of the step.**`;
}

const CLOSED = ['freeze_window', 'outside_allow_windows', 'closes_too_soon', 'logical', 'would_be_excepted'];

function titleOf({environment, reason}) {
  if (reason === 'unexplained') return 'not all of it is explained';
  const subject = environment || 'this environment';
  return reason === 'frozen' ? `${subject} is frozen` : CLOSED.includes(reason) ? `${subject} is closed` : `nodeploy refused${environment ? ` about ${environment}` : ''}`;
}
