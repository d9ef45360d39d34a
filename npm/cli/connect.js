// Whom to talk to: Kosli over HTTP, Kosli through its CLI, or a local one.
import {resolve} from 'node:path';
import {kosliHttp} from '../kosli/http.js';
import {UsageError} from './options.js';
import {placeOf} from './report.js';
import {shellLine} from '../text/shell.js';

/** An executor for `run`, from the options and the variables. Nothing local unless --local says so. */
export async function connect({values, env, environment, verb, warn, timeout}) {
  const via = values.via ?? 'http';
  if (via !== 'http' && via !== 'cli') throw new UsageError(`--via \`${via}\` is neither http nor cli`);
  if (values.program !== undefined && via !== 'cli') throw new UsageError('--program goes with --via cli');
  if (values.local !== undefined) return connectLocal({values, via, env, environment, verb, warn, timeout});
  const org = values.org ?? env.KOSLI_ORG;
  const token = env.KOSLI_API_TOKEN;
  if (!org) throw new UsageError('the Kosli organisation is missing', `set KOSLI_ORG or pass --org${orLocal(env)}`);
  if (!token) throw new UsageError('the Kosli API token is missing', `set KOSLI_API_TOKEN (there is no flag: others could read it in the process list)${env.CI ? WITHHELD : orLocal(env)}`);
  if (verb !== 'on' && via === 'http' && env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new UsageError('NODE_TLS_REJECT_UNAUTHORIZED=0 lets anyone answer in Kosli\'s place', 'unset it; a certificate authority of your own is named in NODE_EXTRA_CA_CERTS');
  }
  return connectKosli(via, {host: values.host ?? (env.KOSLI_HOST || undefined), org, token, env, program: values.program});
}

const WITHHELD = '; a CI withholds a secret from pull requests of forks, and a protected one from branches that are not';

const orLocal = ({CI}) => CI ? '' : '; or try it without Kosli: --local DIR';

const SET_BY = {host: 'look at --host and KOSLI_HOST', org: 'look at --org and KOSLI_ORG', token: 'look at KOSLI_API_TOKEN'};

async function connectKosli(via, {program, ...account}) {
  const options = {...account, retries: retriesOf(account.env)};
  try {
    if (via === 'cli') return (await import('../kosli/cli.js')).kosliCli({...options, program});
    return kosliHttp(options);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, SET_BY[error.about]);
    throw error;
  }
}

async function connectLocal({values, via, env, environment, verb, warn, timeout = Infinity}) {
  if (values.host !== undefined) throw new UsageError('--local and --host name two different Koslis', 'leave one of them out');
  if (values.local === '') throw new UsageError('--local names no folder', 'name the folder that the local Kosli lives in: --local ./sandbox');
  const isMade = verb === 'on' && !values['dry-run'] && Boolean(environment);
  const {isLocal, openLocal, startLocal} = await import('../local/index.js');
  if (!isMade && !isLocal(values.local)) {
    const freeze = [shellLine(['nodeploy', '-e', 'prod-aws', '-r', 'trying it out', 'on']), ...placeOf(values)].join(' ');
    const serve = shellLine(['nodeploy', 'local', '--dir', values.local, ...(values.org === undefined ? [] : ['--org', values.org])]);
    throw new UsageError(`there is no local Kosli in ${resolve(values.local)}`, `name the folder that it lives in; to make one, freeze: ${freeze}, or serve it: ${serve}`);
  }
  const options = {dir: values.local, org: values.org, wait: Math.min(10_000, timeout), onWarning: warn};
  const local = await (via === 'cli' ? startLocal(options) : openLocal(options)).catch(advised);
  warn(`using the local Kosli in ${local.dir}; real deployments are unaffected`);
  try {
    if (isMade) await ensureOwnEnvironment(local, environment, warn);
    if (via !== 'cli') return local;
    const kosli = await connectKosli('cli', {host: local.url, org: local.org, token: local.token, env, program: values.program});
    return {
      ...kosli,
      async close() {
        await kosli.close();
        await local.close();
      },
    };
  } catch (error) {
    await local.close();
    throw error;
  }
}

// Most often a `nodeploy local` in another shell has it.
function advised(error) {
  throw error.code === 'busy' ? Object.assign(error, {advice: 'where `nodeploy local` serves it, run the lines that it has printed (export KOSLI_HOST=…), and leave --local out'}) : error;
}

// Kosli's environments are made by those who run them; in a local one there is nobody else to do it.
async function ensureOwnEnvironment(local, name, warn) {
  const {ensureEnvironment, isName} = await import('../local/environment.js');
  if (!isName(name)) return; // the core says what is wrong with it
  if (await ensureEnvironment(local, name)) warn(`there was no environment ${name} in it: created`);
}

function retriesOf({KOSLI_MAX_API_RETRIES: text}) {
  if (!text) return undefined;
  if (!/^\d{1,3}$/.test(text)) throw new UsageError(`KOSLI_MAX_API_RETRIES is \`${text}\``, 'it must be a whole number, 0 or more');
  return Number(text);
}
