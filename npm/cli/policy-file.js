// Which policy holds: the one that is named, else the one in the working folder.
import {readdirSync} from 'node:fs';
import {UsageError} from './options.js';
import {shellLine} from '../core.js';

const NAMES = ['nodeploy.yaml', 'nodeploy.yml', 'nodeploy.json'];

/** The path of the policy's file, or `undefined`. `--policy=` turns it off. */
export function policyFile(named, {NODEPLOY_POLICY: variable}) {
  if (named !== undefined) return named === '' ? undefined : named;
  if (variable) return variable; // an empty one, as CIs make of what is not set, turns nothing off
  const files = filesHere();
  const found = NAMES.filter(name => files.some(file => file.name === name));
  if (found.length > 1) throw new UsageError(`there are ${found.join(' and ')}, and only one policy can hold`, `say which: --policy ${found[0]}`);
  if (found.length === 1) return found[0];
  const near = files.find(file => !file.isDirectory() && isNearMiss(file.name))?.name;
  if (near === undefined) return undefined;
  throw new UsageError(`\`${near}\` is here, and is not read: a policy is called ${NAMES.join(', ')}`, `rename it; or name what holds: ${shellLine(['--policy', near])} (or --policy= for none)`);
}

// What cannot be looked at may hold a policy: a gate without its policy is no gate.
function filesHere() {
  try {
    process.cwd(); // of a folder that has been removed, some systems list nothing
    return readdirSync('.', {withFileTypes: true});
  } catch ({code}) {
    const why = {ENOENT: 'is gone', EACCES: 'may not be read by this user', EPERM: 'may not be read by this user'}[code] ?? `cannot be read (${code})`;
    throw new UsageError(`the working folder ${why}, so nobody knows whether a policy is in it`, 'change to another one, or name the policy: --policy FILE (--policy= for none)');
  }
}

// `Nodeploy.yaml`, `nodeploy.yaml.txt`, `.nodeploy.yml`, `nodeploy (1).json`, `no-deploy.yaml`, `nodeploy.yam`: what an editor, a
// download or a slip makes of the name. Not `nodeploy.schema.json`, not `nodeploy.yaml.example`.
function isNearMiss(file) {
  const [stem, extension, ...rest] = file.normalize('NFKC').toLowerCase().split('.').map(part => part.trim()).filter(Boolean);
  if (!extension || rest.some(part => EXAMPLES.has(part))) return false;
  const [name] = /^[\p{L}\p{N}\p{Cf}_-]*/u.exec(stem.replace(/^[^\p{L}\p{N}]+/u, ''));
  const [kind] = /^[\p{L}\p{N}\p{Cf}]*/u.exec(extension);
  return isOneSlipFrom(name, 'nodeploy') && ['yaml', 'yml', 'json'].some(wanted => kind[0] === wanted[0] && isOneSlipFrom(kind, wanted));
}

const EXAMPLES = new Set(['example', 'sample', 'template', 'tmpl', 'dist']);

// At most one letter more, less or other, or two in each other's place.
function isOneSlipFrom(word, wanted) {
  let [begin, end] = [0, 0];
  const most = Math.min(word.length, wanted.length);
  while (begin < most && word[begin] === wanted[begin]) begin++;
  while (end < most - begin && word.at(-1 - end) === wanted.at(-1 - end)) end++;
  const [ours, theirs] = [word, wanted].map(text => text.slice(begin, text.length - end));
  return Math.max(ours.length, theirs.length) <= 1 || (ours.length === 2 && theirs === ours[1] + ours[0]);
}

/** `policy nodeploy.yaml: 2 of 5 windows are for prod-aws`: which policy the answer goes by, and how much of it. */
export function policyLine({policy: applied}, policy, environment) {
  if (!applied || !policy) return 'no policy';
  const {windows, for_environment: some} = applied;
  return `policy ${policy.file}: ${some} of ${windows} window${windows === 1 ? '' : 's'} ${windows === 1 || some === 1 ? 'is' : 'are'} for ${environment}`;
}

/** What the core says of a policy, with the place in the file where it is so. */
export function inFile(text, {at}) {
  const [, rest, index] = /(?:^|: )(windows\[(\d+)\].*)$/s.exec(text) ?? [];
  if (index === undefined) return `${at(/`policy` is /.test(text) ? ['policy'] : [])}: ${text}`;
  const [, key] = /^windows\[\d+\](?: \(.*?\))?: (?:unknown field )?`(\w+)`/s.exec(rest) ?? [];
  return `${at(['windows', Number(index), ...(key ? [key] : [])])}: ${rest}`;
}
