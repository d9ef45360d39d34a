// Kosli through the kosli CLI: runs the `argv` of a read or a command as a child process, without a shell.
import {spawn} from 'node:child_process';
import {isUtf8} from 'node:buffer';
import {randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, delimiter, join, resolve as absolute} from 'node:path';
import {atMost} from '../loop/pause.js';
import {ownProxy, readProxy} from './http/proxy.js';
import {kosliAccount, PRETENDING_TOKEN, withoutToken} from './account.js';

/**
 * An executor: `{org, send(item, {signal}), close()}`.
 *
 * `send` answers with `{exit_code, stdout, stderr}` or `{error}`, never throws for what the program does.
 * `uncertain: true` is added where an attestation may have been recorded: the caller looks before it repeats.
 */
export function kosliCli({
  program = 'kosli', host, org, token, retries, env = process.env,
  timeout = 120_000, maxBytes = 64 * 1024 * 1024,
} = {}) {
  const account = kosliAccount({host, org, token, retries});
  const file = /[\\/]/.test(program) ? absolute(program) : program;
  const environment = allowed(env, account);
  const running = new Set();
  let isClosed = false;

  async function send(item, {signal} = {}) {
    if (isClosed) return {error: 'stopped'};
    const isRead = item.as !== undefined;
    const addsUp = item.type === 'attest';
    if (!isRead && account.token === PRETENDING_TOKEN) return {error: `the token is \`${PRETENDING_TOKEN}\`: kosli would only pretend to write`};
    // The CLI repeats a failed POST without looking; an attestation would be on record twice.
    const childEnvironment = {...environment, KOSLI_MAX_API_RETRIES: String(addsUp ? 0 : account.retries)};
    const ended = await finish(file, item.argv.slice(1), {
      env: childEnvironment, timeout: atMost(timeout), maxBytes, running, isRead, signal: isRead ? signal : undefined,
    });
    if (ended.error) return {error: ended.error, ...(addsUp && ended.started && {uncertain: true})};
    const result = {exit_code: ended.exit_code, stdout: ended.stdout, stderr: withoutToken(ended.stderr, account.token)};
    return addsUp && maybeApplied(result) ? {...result, uncertain: true} : result;
  }

  return {
    org: account.org,
    send,
    /** Ends what is running, a write after a moment; once more, at once. Resolves when nothing is left. */
    async close() {
      isClosed = true;
      await Promise.all([...running].map(({end, ended}) => {
        end('stopped');
        return ended;
      }));
    },
  };
}

// The CLI fills every flag that is not given from `KOSLI_<FLAG>` and from a configuration file: one of them could
// turn a freeze into nothing. CI variables stay out as well: from them it would add commits and people to the record
// (and older ones fail where there is no checkout). So: what a process needs to run and to reach the network, no more.
const ALLOWED = new Set([
  'PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ',
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
  'PATHEXT', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'TEMP', 'TMP', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA',
]);

function allowed(env, {host, org, token}) {
  const proxy = ownProxy(host, env);
  if (proxy) readProxy(proxy, 'the proxy in KOSLI_HTTP_PROXY'); // kosli would show the password of one that it cannot read
  const kept = Object.entries(env).filter(([name, value]) => ALLOWED.has(name.toUpperCase()) && value !== undefined);
  return {
    ...Object.fromEntries(kept),
    KOSLI_HOST: host.href.replace(/\/+$/, ''),
    KOSLI_ORG: org,
    KOSLI_API_TOKEN: token,
    ...(proxy && {KOSLI_HTTP_PROXY: proxy}),
    KOSLI_CONFIG_FILE: join(tmpdir(), `nodeploy-reads-no-config-${randomUUID()}.yml`), // does not exist
  };
}

// What the CLI says when an attestation may have reached Kosli all the same.
function maybeApplied({exit_code: code, stderr}) {
  if (code === 0) return false;
  return /giving up after|\bEOF\b|connection reset|broken pipe|timeout|deadline|unexpected end of JSON input|\] OK\b/i.test(stderr);
}

const GRACE = 2000; // a write may come to its own end

function finish(file, args, {env, timeout, maxBytes, running, isRead, signal}) {
  const entry = {};
  entry.ended = new Promise(resolve => {
    if (signal?.aborted) return resolve({error: 'stopped'});
    let child;
    try {
      // A process group of its own: Ctrl-C stops nodeploy between two commands, not kosli in the middle of one.
      child = spawn(file, args, {
        env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, detached: process.platform !== 'win32',
      });
    } catch (error) {
      return resolve({error: words(file, error, env)}); // a NUL in an argument
    }
    const [out, err] = [child.stdout, child.stderr].map(stream =>
      collect(stream, maxBytes, () => end(`kosli printed more than ${maxBytes} bytes`)));
    let reason;
    let patience;
    const end = why => {
      const isAgain = reason !== undefined;
      reason ??= why;
      if (isRead || isAgain) return killed(); // a read leaves nothing half done
      kill(child, 'SIGTERM');
      patience = setTimeout(killed, GRACE);
    };
    const killed = () => {
      kill(child, 'SIGKILL');
      child.stdout.destroy(); // a process that it left behind may hold them open
      child.stderr.destroy();
    };
    entry.end = end;
    const stop = () => end('stopped');
    const timer = setTimeout(() => end(`kosli did not finish within ${timeout / 1000} s`), timeout);
    signal?.addEventListener('abort', stop);
    running.add(entry);

    const settle = result => {
      clearTimeout(timer);
      clearTimeout(patience);
      signal?.removeEventListener('abort', stop);
      running.delete(entry);
      resolve(result);
    };
    child.on('error', error => settle({error: words(file, error, env), started: child.pid !== undefined}));
    child.on('close', (code, killedBy) => {
      if (reason) return settle({error: reason, started: true});
      if (code === null) return settle({error: `kosli was ended by ${killedBy}`, started: true});
      const stdout = Buffer.concat(out);
      if (!isUtf8(stdout)) return settle({error: 'kosli printed something that is not UTF-8 text', started: true});
      settle({exit_code: code, stdout: stdout.toString(), stderr: Buffer.concat(err).toString()});
    });
  });
  return entry.ended;
}

// The child leads a process group where there are any: what it started ends with it.
function kill(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // it has ended
  }
}

function collect(stream, maxBytes, tooMuch) {
  const chunks = [];
  let size = 0;
  stream.on('data', chunk => {
    size += chunk.length;
    if (size > maxBytes) tooMuch();
    else chunks.push(chunk);
  });
  return chunks;
}

function words(file, error, {PATH = ''}) {
  // A folder of PATH that may not be searched is told like a program that may not be run.
  const isHidden = error.code === 'EACCES' && file === basename(file) && !PATH.split(delimiter).some(folder => existsSync(join(folder, file)));
  if (error.code === 'ENOENT' || isHidden) return `there is no program \`${file}\`; install the kosli CLI, say where it is (--program), or go without it (--via http)`;
  if (error.code === 'EACCES') return `\`${file}\` may not be run by this user`;
  if (error.code === 'E2BIG') return `the arguments for \`${file}\` are longer than this system allows`;
  return `\`${file}\` could not be started: ${error.message.replaceAll('\0', '\\0')}`;
}
