// What a CI folds in its log: a line for each of many environments, a long table. What has to be seen at once stays outside.
import {isDocument} from './options.js';
import {printable} from '../text/printable.js';

const LONG = 10; // lines

// By the variables and signs that each documents. Of others' texts none can be such a sign: the core's `printable` sees to it.
const CIS = [
  {is: env => env.GITHUB_ACTIONS === 'true', begin: title => `::group::${title}`, end: () => '::endgroup::'},
  {is: env => env.TF_BUILD?.toLowerCase() === 'true', begin: title => `##[group]${title}`, end: () => '##[endgroup]'},
  {
    is: env => env.GITLAB_CI === 'true',
    begin: (title, name) => `\u001B[0Ksection_start:${seconds()}:${name}[collapsed=true]\r\u001B[0K${title}`,
    end: name => `\u001B[0Ksection_end:${seconds()}:${name}\r\u001B[0K`,
  },
];

const seconds = () => Math.floor(Date.now() / 1000);

/** `begin(title)`, and `end()`, which does nothing where none is open. `undefined` where no CI folds, or stdout is for a program. */
export function foldsOf(values, env, print) {
  const ci = isDocument(values) || values['dry-run'] ? undefined : CIS.find(({is}) => is(env));
  let count = 0;
  let open; // its name, which no other section of the job has
  return ci && {
    begin(title) {
      open = `nodeploy_${process.pid}_${++count}`;
      print(ci.begin(printable(title), open));
    },
    end() {
      if (open !== undefined) print(ci.end(open));
      open = undefined;
    },
  };
}

/** Prints lines, which may be many. */
export function printLong(title, lines, folds, print) {
  const isFolded = folds && lines.length > LONG;
  if (isFolded) folds.begin(title);
  for (const line of lines) print(line);
  if (isFolded) folds.end();
}
