// Which commit lies in the working folder, by git's own files: git may not be installed, and reads no folder of another user's.
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {isCommit} from './ci.js';

/** Its hash; `undefined` where nothing was checked out, `null` where something was and cannot be read (as git's reftable, whose HEAD names no branch). */
export function checkedOut() {
  const folder = withCheckout(process.cwd());
  if (folder === undefined) return undefined;
  try {
    const git = gitFolder(folder);
    const head = text(git, 'HEAD');
    const [, ref] = /^ref: (.+)$/.exec(head) ?? [];
    const hash = ref === undefined ? head : hashOf(ref, existsSync(join(git, 'commondir')) ? resolve(git, text(git, 'commondir')) : git);
    return isCommit(hash) ? hash : null;
  } catch {
    return null;
  }
}

function withCheckout(here) {
  if (existsSync(join(here, '.git'))) return here;
  return dirname(here) === here ? undefined : withCheckout(dirname(here));
}

// That of a worktree or a submodule is elsewhere.
function gitFolder(folder) {
  if (existsSync(join(folder, '.git', 'HEAD'))) return join(folder, '.git');
  const [, place] = /^gitdir: (.+)$/.exec(text(folder, '.git'));
  return resolve(folder, place);
}

function hashOf(ref, git) {
  if (existsSync(join(git, ref))) return text(git, ref);
  return text(git, 'packed-refs').split('\n').find(line => line.endsWith(` ${ref}`))?.split(' ')[0];
}

const text = (folder, name) => readFileSync(join(folder, name), 'utf8').trim();
