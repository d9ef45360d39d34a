// Which commit lies in the working folder, by git's own files: git may not be installed, and reads no folder of another user's.
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';

/** Its hash, or `undefined` where nothing was checked out, or nobody can tell. */
export function checkedOut() {
  try {
    const git = gitFolder(process.cwd());
    const head = text(git, 'HEAD');
    const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
    return ref === undefined ? head : hashOf(ref, existsSync(join(git, 'commondir')) ? resolve(git, text(git, 'commondir')) : git);
  } catch {
    return undefined; // no folder above has a checkout, or it may not be read
  }
}

// That of a worktree or a submodule is elsewhere.
function gitFolder(here) {
  const [, place] = existsSync(join(here, '.git', 'HEAD')) ? ['', '.git'] : existsSync(join(here, '.git')) ? /^gitdir: (.+)$/.exec(text(here, '.git')) : [];
  return place === undefined && dirname(here) !== here ? gitFolder(dirname(here)) : resolve(here, place);
}

function hashOf(ref, git) {
  if (existsSync(join(git, ref))) return text(git, ref);
  return text(git, 'packed-refs').split('\n').find(line => line.endsWith(` ${ref}`))?.split(' ')[0];
}

const text = (folder, name) => readFileSync(join(folder, name), 'utf8').trim();
