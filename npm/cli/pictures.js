// `--html FILE` and `--svg FILE`: what the answer says, drawn. All that draws is in a file of its own beside the command line.
import {lstatSync, readFileSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {blot} from './blot.js';
import {UsageError} from './options.js';
import {writeWhole} from './whole-file.js';
import {version} from '../core.js';
import {kosliAccount} from '../kosli/account.js';

const NAMES = ['html', 'svg'];
const MODULE = 'nodeploy-page.cjs';

/** `draw(outcome, about)` writes what these options want and resolves to what is shown; files are looked at before: nobody wants to wait for a report that is then lost. */
export async function pictures(values, {env, warn}) {
  const wanted = NAMES.filter(name => values[name] !== undefined).map(name => ({name, file: values[name]}));
  if (wanted.length === 2 && wanted[0].file === wanted[1].file) throw new UsageError('--html and --svg name the same file', 'give each its own');
  for (const {name, file} of wanted) attempt(name, file, () => refuseOther(file));
  const page = await pageModule();
  return (outcome, {verb, environment, policy}) => {
    if (!isDrawable(outcome)) return outcome;
    const shown = values.closed ? {...outcome, overview: outcome.overview?.filter(({decision}) => decision !== 'proceed')} : outcome;
    const told = blotted([shown, {verb, environment, policy, now: Date.now(), pages: pagesOf(values, env)}], env.KOSLI_API_TOKEN);
    try {
      for (const {name, file} of wanted) {
        const text = page[name](...told);
        attempt(name, file, () => write(file, text));
        warn(`the time line is in ${file}`);
      }
      return outcome;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return {...outcome, decision: 'error', reason: 'usage', summary: `${error.message}; what it says: ${outcome.summary}`, advice: outcome.advice ?? error.advice};
    }
  };
}

// Below it Kosli has a page of each environment, as its own links say; a local one has none. `windows` asks no Kosli, so here the address may
// be none that nodeploy takes: with a password in it, say, which a page for others must not show.
function pagesOf({local, org, host}, env) {
  if (local !== undefined) return undefined;
  try {
    const account = kosliAccount({host: host || env.KOSLI_HOST || undefined, org: org ?? env.KOSLI_ORG, token: 'unused'});
    return `${account.host.href.replace(/\/*$/, '/')}${account.org}/environments/`;
  } catch {
    return undefined;
  }
}

// Before it is drawn: a picture cuts texts short, and half a token would not be known for one.
const blotted = (documents, token) => JSON.parse(blot(JSON.stringify(documents), token));

// An error that tells nothing of any environment draws nothing: what was drawn before stays, and says of when it is.
function isDrawable(outcome) {
  const answer = outcome.last ?? outcome;
  return Boolean(outcome.report ?? outcome.outcomes ?? answer.overview ?? answer.closures) || (answer.decision !== 'error' && Array.isArray(answer.freezes));
}

async function pageModule() {
  let page;
  try {
    page = await import('../nodeploy-page.cjs');
  } catch (error) {
    if (!/MODULE_NOT_FOUND$/.test(error.code)) throw new UsageError(`${MODULE} cannot be read (${error.message})`, `take it once more from where nodeploy.cjs is from; ${MODULE}.sha256 has its checksum`);
    throw new UsageError(`--html and --svg need ${MODULE}, and it is not here`, `put it beside nodeploy.cjs: it is in the same release, and in the npm package (from a clone: cargo xtask build)`);
  }
  page = page.default ?? page;
  if (page.version !== version) throw new UsageError(`${MODULE} is of version ${page.version}, and this is nodeploy ${version}`, 'take both from one release');
  return page;
}

function write(file, text) {
  refuseOther(file);
  writeWhole(file, text);
}

const OURS = /^(<!DOCTYPE html>\s<html lang="en">\s<head>\s<meta charset="utf-8">\s<meta name="generator" content="nodeploy">|<svg [^>]*data-generator="nodeploy")/;

// It may be a policy, somebody's page, a device: only an earlier time line is written over.
function refuseOther(file) {
  if (!statSync(dirname(file), {throwIfNoEntry: false})?.isDirectory()) throw new Error(`there is no folder ${dirname(file)}`);
  const found = lstatSync(file, {throwIfNoEntry: false});
  if (!found) return;
  if (found.isDirectory()) throw new Error('it is a folder');
  if (!found.isFile()) throw new Error('it is there, and is no regular file');
  if (found.size > 0 && !OURS.test(readFileSync(file, 'utf8').slice(0, 2000))) throw new Error('it is there, and is no time line of nodeploy');
}

function attempt(name, file, action) {
  try {
    action();
  } catch (error) {
    throw new UsageError(`the time line cannot be written to \`${file}\` (${error.code ?? error.message})`, `name another file, in a folder that may be written: --${name} FILE`);
  }
}
