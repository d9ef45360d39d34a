// Files that are not read as a policy and may well be one: what an editor, a download, a slip or a habit makes of `nodeploy.yaml`.
import {lstatSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

/** The names that a policy is found under. */
export const NAMES = ['nodeploy.yaml', 'nodeploy.yml', 'nodeploy.json'];

// Folders in which policies are put, and are not looked for: those of CIs, and of what is configured.
const PLACES = [
  '.github', '.config', '.nodeploy', 'nodeploy', '.gitlab', '.circleci', '.azuredevops', '.azure-pipelines', '.buildkite', '.kosli', 'kosli', '.ci', 'ci', 'config', 'deploy', 'deployment', 'policies', 'policy',
];

/** The first of these `files` (of the working folder), or of those in folders made for such files, that may be a policy. */
export function nearMiss(files) {
  const near = files.find(file => !file.isDirectory() && isNear(file.name, file.name));
  if (near) return near.name;
  for (const place of PLACES.filter(name => files.some(file => file.name === name))) {
    const there = filesIn(place);
    const found = there.find(file => !file.isDirectory() && (NAMES.includes(file.name) || isNear(file.name, join(place, file.name)) || (/nodeploy/.test(place) && /^(policy|config)\.(ya?ml|json)$/i.test(file.name))));
    if (found) return join(place, found.name);
  }
  return undefined;
}

const OF_THE_VOLUME = 'lost+found'; // root's alone; workspaces are mounted ones

/** The path of a policy in a repository that a CI has checked out below this folder, which holds these `files`. */
export function policyBelow(files) {
  for (const folder of files.filter(file => file.isDirectory() && file.name !== OF_THE_VOLUME).map(({name}) => name)) {
    const there = filesIn(folder).map(({name}) => name);
    const found = there.includes('.git') && NAMES.find(name => there.includes(name));
    if (found) return join(folder, found);
  }
  return undefined;
}

function filesIn(place) {
  try {
    return readdirSync(place, {withFileTypes: true});
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    error.folder = place;
    throw error;
  }
}

/** The path of a policy in a folder above: up to the repository's root; without one not above the home folder. */
export async function policyAbove() {
  const here = process.cwd();
  for (const folder of await foldersAbove(here)) {
    for (const name of NAMES) if (isThere(join(folder, name))) return relative(here, join(folder, name));
  }
  return undefined;
}

/** Whether the working folder is one of a repository. */
export const isInRepository = () => upwards(process.cwd()).some(hasGit);

const hasGit = folder => isThere(join(folder, '.git'));

function upwards(here) {
  const folders = [here];
  while (dirname(folders.at(-1)) !== folders.at(-1)) folders.push(dirname(folders.at(-1)));
  return folders;
}

async function foldersAbove(here) {
  const folders = upwards(here);
  let top = folders.findIndex(hasGit);
  if (top < 0) top = folders.indexOf(homeOf(await import('node:os')));
  return folders.slice(1, top < 0 ? undefined : top + 1);
}

// A container's user that nobody has entered has none; then all folders above may hold a policy.
function homeOf({homedir}) {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

function isThere(path) {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined;
  } catch (error) {
    error.folder = dirname(path);
    throw error;
  }
}

// A name is near by itself where all of it is `nodeploy` (or a slip of it), what tells policies apart (`prod`, `copy of`, `2`) and an
// ending. Where there is more to it, or less, the file's text decides: one that speaks of `windows`.
function isNear(file, path) {
  const parts = latin(file).match(/[a-z0-9]+|[^a-z0-9]+/g) ?? [];
  const words = parts.filter(part => /[a-z0-9]/.test(part));
  if (words.some(word => NO_POLICIES.has(word))) return false;
  const found = named(words);
  if (!found) return false;
  const {before, after, isCertain} = found;
  const kind = after.findIndex(isEnding);
  if (kind < 0) return after.length === 0 && before.length === 0 && saysWindows(path);
  // `nodeploy.yaml.bak` and `nodeploy_yaml`, but not `nodeploy-yaml.md`
  const follows = after.slice(kind + 1);
  const last = parts.findLastIndex(part => isEnding(part));
  if (follows.length > 0 && !parts[last - 1]?.includes('.')) return false;
  const others = [...before, ...after.slice(0, kind)];
  return (isCertain && others.every(word => TELLS_APART.test(word))) || saysWindows(path);
}

// Where the words have the name, and what stands around it.
function named(words) {
  for (let at = 0; at < words.length; at++) {
    if (isOneSlipFrom(words[at], 'nodeploy')) return {before: words.slice(0, at), after: words.slice(at + 1), isCertain: true};
    const next = words[at + 1] ?? '';
    if (next !== '' && isOneSlipFrom(words[at] + next, 'nodeploy') && !isEnding(next)) return {before: words.slice(0, at), after: words.slice(at + 2), isCertain: true};
    if (words[at] === 'node' && /^deploys?$/.test(next)) return {before: words.slice(0, at), after: words.slice(at + 2), isCertain: false};
    const [, first, rest] = /^(.*?)nodeploy(.*)$/.exec(words[at]) ?? [];
    if (first !== undefined) return {before: [...words.slice(0, at), first].filter(Boolean), after: [rest, ...words.slice(at + 1)].filter(Boolean), isCertain: true};
  }
  return undefined;
}

const NO_POLICIES = new Set([
  'example', 'examples', 'sample', 'template', 'tmpl', 'tpl', 'j2', 'dist', 'schema', 'lock', 'sha256', 'sig', 'asc',
  'js', 'cjs', 'mjs', 'ts', 'py', 'rb', 'go', 'rs', 'java', 'sh', 'bash', 'ps1', 'cmd', 'bat', 'md', 'html', 'css', 'tgz', 'zip', 'gz', 'wasm',
]);

const TELLS_APART = /^(v?\d+|copy|of|kopie|old|new|my|our|the|policy|policies|config|conf|cfg|settings|rules?|freezes?|windows?|calendars?|prod|production|live|staging|stage|dev|development|qa|uat|all|main|default|local|final|backup|bak|orig|tmp|temp)$/;

const isEnding = word => ['yaml', 'yml', 'json'].some(wanted => word[0] === wanted[0] && isOneSlipFrom(word, wanted));

// Wide and accented letters, and those of other alphabets that look like these, as the letters they are taken for; without what nobody sees.
function latin(file) {
  if (/^[\0-\x7F]*$/.test(file)) return file.toLowerCase();
  const unseen = new RegExp(String.raw`[\p{M}\p{Cf}]`, 'gu'); // as a literal Node would look up what they are whenever it reads this file
  const plain = file.normalize('NFKD').toLowerCase().replace(unseen, '');
  return plain.replace(/[^\0-\x7F]/gu, letter => LOOKALIKES[letter] ?? letter);
}

const LOOKALIKES = {
  'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ј': 'j', 'ԁ': 'd', 'ո': 'n', 'п': 'n', 'м': 'm', 'ⅼ': 'l', 'ӏ': 'l',
  'ο': 'o', 'ρ': 'p', 'ε': 'e', 'α': 'a', 'γ': 'y', 'υ': 'y', 'ν': 'n', 'η': 'n', 'ι': 'i', 'ø': 'o', 'օ': 'o',
};

// What cannot be looked at may hold a policy.
function saysWindows(path) {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > 1024 * 1024) return false;
    return /\bwindows?["']?\s*:/i.test(readFileSync(path, 'latin1').replaceAll('\0', '')); // also of UTF-16
  } catch {
    return true;
  }
}

// At most one letter more, less or other, or two in each other's place.
function isOneSlipFrom(word, wanted) {
  let [begin, end] = [0, 0];
  const most = Math.min(word.length, wanted.length);
  while (begin < most && word[begin] === wanted[begin]) begin++;
  while (end < most - begin && word.at(-1 - end) === wanted.at(-1 - end)) end++;
  const [ours, theirs] = [word, wanted].map(text => text.slice(begin, text.length - end));
  return Math.max(ours.length, theirs.length) <= 1 || (ours.length === 2 && theirs === ours[1] + ours[0]);
}
