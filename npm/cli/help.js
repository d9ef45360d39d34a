// What `nodeploy --help` prints.
import {OPTIONS, purposeOf} from './options.js';
import {takers, VERB_NAMES, VERBS} from './verbs.js';

// Those of the terminal, where it has more than the usual ones.
const WIDTH = Math.min(110, Math.max(80, process.stdout.columns ?? 80));
const INDENT = 26;

/** Resolves to all of it, or to that of one verb. */
export async function help(verb) {
  if (verb === 'local' || verb === 'completion') return (await (verb === 'local' ? import('../local/command.js') : import('./completion.js'))).usage;
  return verb === undefined ? helpOfAll() : helpOfOne(verb);
}

const helpOfOne = verb => `${entry(`nodeploy ${verb}:`, VERBS[verb].help, verb.length + 11)}

Usage: nodeploy ${VERBS[verb].anywhere || VERBS[verb].table ? '[-e ENV]' : '-e ENV'} ${verb}${VERBS[verb].argument ? ` ${VERBS[verb].argument}` : ''} [options]
${VERBS[verb].options.length > 0 ? `
Options of ${verb}:
${optionLines(name => takers(name).includes(verb), verb)}
` : ''}
Options of every verb:
${optionLines(name => takers(name).length === 0)}

Exit codes: 0 proceed, 1 refused (closed), 2 error.
nodeploy --help shows the other verbs.
`;

const helpOfAll = () => `nodeploy: change freezes for Kosli environments

Usage: nodeploy [-e ENV] [-r REASON] VERB [options]
       nodeploy local [--dir DIR] [--port N]

${VERB_NAMES.map(verb => entry(`  ${verb}`, VERBS[verb].help, 12)).join('\n')}
${entry('  local', 'serve a Kosli of your own on 127.0.0.1, to try things out (nodeploy local --help)', 12)}
${entry('  completion', 'print what makes bash, zsh or fish complete all this: source <(nodeploy completion bash)', 12)}

Options, in any order:
${optionLines(() => true)}

The token comes from KOSLI_API_TOKEN. KOSLI_HTTP_PROXY, HTTPS_PROXY, NO_PROXY,
KOSLI_MAX_API_RETRIES, NO_COLOR and FORCE_COLOR are followed.
A certificate authority of your own: NODE_EXTRA_CA_CERTS=FILE.

Examples:
  nodeploy -e prod-aws -r "database migration" --until 2h on
  nodeploy -e prod-aws assert --wait 30m
  nodeploy -e prod-aws off
  nodeploy -e prod-aws off --freeze 2024-10-31T10.44.48~steve
  nodeploy -e prod-aws -r "trying it out" --local ./sandbox on

Exit codes: 0 proceed, 1 refused (closed), 2 error.
Only 0 may let a deployment through.
`;

const optionLines = (isWanted, verb) => Object.entries(OPTIONS).filter(([name, {help}]) => help && isWanted(name))
  .map(([name, option]) => entry(spelled(name, option), textOf(option, verb), INDENT)).join('\n');

const spelled = (name, {short, value}) => `  ${short ? `-${short},` : '   '} --${name}${value ? ` ${value}` : ''}`;

const textOf = (option, verb) => purposeOf(option, verb) + (option.variable ? ` [${option.variable}]` : '');

// A label and its text, which goes on below itself.
function entry(label, text, indent) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1) !== '' && indent + lines.at(-1).length + 1 + word.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()} ${word}`.trimStart());
  }
  const [first, above] = label.length < indent ? [label, []] : ['', [label]];
  return [...above, ...lines.map((line, index) => `${(index === 0 ? first : '').padEnd(indent)}${line}`)].join('\n');
}
