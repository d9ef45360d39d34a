// Who freezes, where --by does not say: NODEPLOY_BY; in a CI its actor, and nobody else; elsewhere the login, else git's user.
import {execFileSync} from 'node:child_process';
import {userInfo} from 'node:os';
import {CIS, isScheduled} from './ci.js';
import {isInCi} from './in-ci.js';
import {isOnes} from './names.js';

// The person who started the pipeline, as each CI names them: the first of its variables that is set is its word.
const PEOPLE = [...CIS, {people: ['CODEBUILD_INITIATOR']}].filter(({people}) => people);

/** A name, or `undefined` where nothing knows one that is a single person's. */
export function holder(env) {
  const named = env.NODEPLOY_BY?.trim();
  if (named) return named;
  if (isInCi(env)) return actorOf(env);
  for (const ask of [login, gitUser]) {
    const name = ask();
    if (isOnes(name)) return name;
  }
  return undefined;
}

// In a job of one CI the variables of others are somebody's own, or of the machine that it runs on; two CIs at once, or two names, are no single person's.
function actorOf(env) {
  const here = CIS.filter(({is}) => is(env));
  if (here.length > 1) return undefined;
  const names = (here.length === 1 ? here : PEOPLE).map(ci => actor(env, ci)).filter(isOnes);
  return new Set(names).size === 1 ? names[0] : undefined;
}

function actor(env, {people = [], event, another}) {
  if (isScheduled(env[event]) || another?.(env, 'actor')) return undefined;
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
