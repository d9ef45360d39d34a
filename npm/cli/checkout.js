// Which commit lies in the working folder, by git's own files: git may not be installed, and reads no folder of another user's.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {isCommit, repositoryAt} from './ci.js';

/**
 * Its hash; `undefined` where nothing was checked out, `null` where something was and cannot be read (as git's reftable, whose HEAD names no branch).
 * Of several that lie in folders below (`path` of actions/checkout, a `checkout` for each repository) it is `commit`, if one has that;
 * but where the same repository lies there twice, it is the other one.
 */
export function checkedOut(commit) {
  try {
    const here = process.cwd();
    const folder = withCheckout(here);
    if (folder !== undefined && folder !== here) return commitIn(folder);
    const folders = readdirSync(here, {withFileTypes: true}).filter(file => file.isDirectory() && file.name !== '.git').map(({name}) => join(here, name));
    const all = [folder, ...folders.filter(isCheckout).sort()].filter(Boolean).map(place => ({commit: commitIn(place), origin: originOf(place)}));
    const meant = folder === undefined ? all.find(one => one.commit === commit) ?? all[0] : all[0];
    const other = all.find(one => one.origin !== undefined && one.origin === meant.origin && one.commit !== meant.commit);
    return (other ?? meant)?.commit;
  } catch {
    return null; // a folder that may not be listed, or is gone
  }
}

const isCheckout = folder => existsSync(join(folder, '.git'));

function commitIn(folder) {
  try {
    const git = gitFolder(folder);
    const head = text(git, 'HEAD');
    const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
    const hash = ref === undefined ? head : hashOf(ref, commonOf(git));
    return isCommit(hash) ? hash : null;
  } catch {
    return null;
  }
}

function withCheckout(here) {
  if (isCheckout(here)) return here;
  return dirname(here) === here ? undefined : withCheckout(dirname(here));
}

// That of a worktree or a submodule is elsewhere.
function gitFolder(folder) {
  if (existsSync(join(folder, '.git', 'HEAD'))) return join(folder, '.git');
  const [, place] = /^gitdir: (.+)$/.exec(text(folder, '.git'));
  return resolve(folder, place);
}

// Where it was fetched from, of that and a worktree of it the same.
function originOf(folder) {
  try {
    const git = gitFolder(folder);
    const url = /^\s*url\s*=\s*(\S+)/m.exec(text(commonOf(git), 'config'))?.[1];
    return repositoryAt(url) ?? url;
  } catch {
    return undefined;
  }
}

const commonOf = git => existsSync(join(git, 'commondir')) ? resolve(git, text(git, 'commondir')) : git;

function hashOf(ref, git) {
  if (existsSync(join(git, ref))) return text(git, ref);
  return text(git, 'packed-refs').split('\n').find(line => line.endsWith(` ${ref}`))?.split(' ')[0];
}

const text = (folder, name) => readFileSync(join(folder, name), 'utf8').trim();
