// Who freezes, where --by does not say: NODEPLOY_BY; in a CI its actor, and nobody else; elsewhere the login, else git's user.
import {execFileSync} from 'node:child_process';
import {userInfo} from 'node:os';
import {CIS, isScheduled} from './ci.js';
import {isInCi} from './in-ci.js';
import {isOnes} from './names.js';

// The person who started the pipeline, as each CI names them: the first of its variables that is set is its word.
const PEOPLE = [...CIS.filter(({people}) => people), {people: ['CODEBUILD_INITIATOR']}];

/** A name, or `undefined` where nothing knows one that is a single person's. */
export function holder(env) {
  const named = env.NODEPLOY_BY?.trim();
  if (named) return named;
  if (isInCi(env)) return PEOPLE.map(ci => actor(env, ci)).find(isOnes);
  for (const ask of [login, gitUser]) {
    const name = ask();
    if (isOnes(name)) return name;
  }
  return undefined;
}

function actor(env, {people, event}) {
  if (isScheduled(env[event])) return undefined;
  return people.map(name => env[name]?.trim()).find(Boolean);
}

function gitUser() {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      encoding: 'utf8', timeout: 2000, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true,
    });
    return name.trim();
  } catch {
    return undefined; // no git, or no name set
  }
}

function login() {
  try {
    return userInfo().username.trim();
  } catch {
    return undefined; // a container whose user has no name
  }
}
