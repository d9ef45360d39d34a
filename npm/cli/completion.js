// `nodeploy completion SHELL`: what a shell runs once, made of the lists of verbs and options.
import {OPTIONS, purposeOf} from './options.js';
import {takers, VERB_NAMES, VERBS} from './verbs.js';

const OTHERS = {local: 'serve a Kosli of your own, to try things out', completion: 'print what makes a shell complete these words'};
const VERB_WORDS = {...Object.fromEntries(VERB_NAMES.map(verb => [verb, VERBS[verb].help])), ...OTHERS};

/** The shells, and how each takes it up. */
export const SHELLS = {
  bash: {script: bash, use: 'source <(nodeploy completion bash)'},
  zsh: {script: zsh, use: 'source <(nodeploy completion zsh)'},
  fish: {script: fish, use: 'nodeploy completion fish | source'},
};

const options = Object.entries(OPTIONS).map(([name, {short, type, value = '', ...option}]) => ({
  name, short, help: purposeOf(option) ?? 'json', verbs: takers(name), takesValue: type === 'string', kind: kindOf(value), words: value.includes('|') ? value.split('|') : [],
}));

function kindOf(value) {
  return {FILE: 'file', PATH: 'file', DIR: 'folder'}[value] ?? (value.includes('|') ? 'words' : 'text');
}

const flagsOf = ({name, short}) => [`--${name}`, ...(short ? [`-${short}`] : [])];
const flags = all => all.flatMap(flagsOf);

function bash() {
  const values = kind => flags(options.filter(option => option.takesValue && option.kind === kind)).join('|');
  const own = verb => options.filter(({verbs}) => verbs.length === 0 || verbs.includes(verb)).map(({name}) => `--${name}`).join(' ');
  return `# bash: ${SHELLS.bash.use}
_nodeploy() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} verb= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${Object.keys(VERB_WORDS).join('|')}) verb=$word; break;; esac
  done
  COMPREPLY=()
  case $previous in
    ${values('file')}) return;;
    ${values('folder')}) COMPREPLY=($(compgen -d -- "$current")); return;;
${options.filter(({kind}) => kind === 'words').map(option => `    ${flagsOf(option).join('|')}) COMPREPLY=($(compgen -W '${option.words.join(' ')}' -- "$current")); return;;`).join('\n')}
    ${values('text')}) type compopt >/dev/null 2>&1 && compopt +o default; return;;
  esac
  case $current in
    -*) case $verb in
${VERB_NAMES.map(verb => `      ${verb}) words='${own(verb)}';;`).join('\n')}
      local) words='--dir --port --org --env --help';;
      completion) ;;
      *) words='${options.map(({name}) => `--${name}`).join(' ')}';;
    esac;;
    *) case $verb in
      '') words='${Object.keys(VERB_WORDS).join(' ')}';;
      completion) words='${Object.keys(SHELLS).join(' ')}';;
    esac;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _nodeploy nodeploy
`;
}

function zsh() {
  const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text => text.replace(/[[\]:\\]/g, '\\$&');
  const action = {file: '_files', folder: '_files -/', text: ''};
  const spec = ({name, short, help, takesValue, kind, words}) => {
    const tail = `[${escaped(help)}]${takesValue ? `:${name}:${kind === 'words' ? `(${words.join(' ')})` : action[kind]}` : ''}`;
    return short ? `'(-${short} --${name})'{-${short},--${name}}${quoted(tail)}` : quoted(`*--${name}${tail}`);
  };
  const specs = all => all.map(option => `    ${spec(option)}`).join('\n');
  return `#compdef nodeploy
# zsh, after compinit: ${SHELLS.zsh.use}
_nodeploy() {
  local -a verbs=(
${Object.entries(VERB_WORDS).map(([verb, help]) => `    ${quoted(`${verb}:${escaped(help)}`)}`).join('\n')}
  )
  local -a shells=(${Object.keys(SHELLS).join(' ')}) options=(
${specs(options.filter(({verbs}) => verbs.length === 0))}
  )
  case \${words[(r)(${Object.keys(VERB_WORDS).join('|')})]} in
${VERB_NAMES.map(verb => `  ${verb}) options+=(\n${specs(options.filter(({verbs}) => verbs.includes(verb)))}\n  );;`).join('\n')}
  completion) options=();;
  esac
  _arguments -s $options '1: :{_describe verb verbs}' '2: :{[[ \${words[(r)completion]} = completion ]] && _describe shell shells}'
}
if [ "\${funcstack[1]}" = _nodeploy ]; then _nodeploy "$@"; else compdef _nodeploy nodeploy; fi
`;
}

function fish() {
  const quoted = text => `'${text.replace(/['\\]/g, '\\$&')}'`;
  // Before the verb is said, too.
  const others = verbs => Object.keys(VERB_WORDS).filter(word => !verbs.includes(word)).join(' ');
  const fits = verbs => verbs.length === 0 ? '' : `-n ${quoted(`not __fish_seen_subcommand_from ${others(verbs)}`)}`;
  const line = ({name, short, help, verbs, takesValue, kind, words}) => [
    'complete -c nodeploy', fits(verbs), `-l ${name}`, short && `-s ${short}`,
    takesValue && (kind === 'file' ? '-r -F' : kind === 'folder' ? "-x -a '(__fish_complete_directories)'" : kind === 'words' ? `-x -a ${quoted(words.join(' '))}` : '-x'),
    `-d ${quoted(help)}`,
  ].filter(Boolean).join(' ');
  return `# fish: ${SHELLS.fish.use}
complete -c nodeploy -f
${Object.entries(VERB_WORDS).map(([verb, help]) => `complete -c nodeploy -n 'not __fish_seen_subcommand_from ${Object.keys(VERB_WORDS).join(' ')}' -a ${verb} -d ${quoted(help)}`).join('\n')}
complete -c nodeploy -n '__fish_seen_subcommand_from completion' -a ${quoted(Object.keys(SHELLS).join(' '))}
${options.map(line).join('\n')}
`;
}

/** The script for `args`, which must be the name of one shell. */
export function completion(args, fail) {
  if (args.length === 1 && ['--help', '-h'].includes(args[0])) return usage;
  const [shell, ...others] = args;
  if (!Object.hasOwn(SHELLS, shell ?? '') || others.length > 0) {
    throw fail(shell === undefined ? 'completion for which shell?' : `there is no completion for \`${args.join(' ')}\``, `say one of: ${Object.keys(SHELLS).join(', ')}`);
  }
  return SHELLS[shell].script();
}

export const usage = `nodeploy completion: ${OTHERS.completion}

Usage, in a shell or its start-up file:
${Object.entries(SHELLS).map(([shell, {use}]) => `  ${shell.padEnd(4)}  ${use}`).join('\n')}
`;
