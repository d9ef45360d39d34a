// A Kosli of one's own, in a folder: for trying out, for working offline, for tests.
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {isName} from './environment.js';
import {openJournal, syncFolder} from './journal.js';
import {answer, createServer, handler, refusal} from './server.js';
import {Store} from './store.js';

/**
 * Opens the local Kosli in the folder `dir`, creating it if need be; nobody else may open it until `close()`.
 *
 * `org` is the organisation that a new folder belongs to (default: `local`); of an existing one it must be the same.
 * `user` is who the writes are by, a name or a function that tells it (default: the login). `clock` tells what time it is, as
 * a `Date`: with it a history can be played in, in the order of time, and HTTP answers are dated by it. `token` is what requests must bear (default: the one kept in the folder).
 * If another process has the folder open, waits for `wait` milliseconds (default: not at all) and then rejects, naming it.
 * `onWarning` hears what was dropped of a line cut short by a crash.
 *
 * `handle` is a listener for `http.createServer`. `send({request})` takes the request of a read or a command and resolves to
 * `{status, body}` without any HTTP (and so without headers); with `org` that makes it what `run()` takes for `kosli`.
 */
export async function openLocal({dir, org, user = login(), clock, token, wait = 0, onWarning = text => process.emitWarning(text)}) {
  if (org !== undefined && !isName(org)) throw new Error(`\`${org}\` is not a name for an organisation`);
  const folder = path.resolve(dir);
  const store = new Store();
  const head = {org: org ?? 'local'};
  const journal = await openIn(folder, {head, apply: entry => store.apply(entry), wait, onWarning});
  try {
    if (org !== undefined && org !== journal.head.org) throw new Error(`\`${folder}\` holds the organisation \`${journal.head.org}\`, not \`${org}\``);
    const milliseconds = () => (clock?.() ?? new Date()).getTime();
    const local = {
      store,
      org: journal.head.org,
      clock,
      now: () => Math.max(milliseconds() / 1000, store.latest),
      write(fields) {
        const entry = {at: timeAfter(milliseconds(), store.latest), by: typeof user === 'function' ? user() : user, ...fields};
        store.apply(entry);
        journal.append(entry); // whoever waits for `settled` hears how it went
      },
      settled: () => journal.settled(),
    };
    const kept = token || tokenIn(folder); // an empty one would let anybody in
    return {
      dir: folder,
      org: local.org,
      token: kept,
      handle: handler(local, kept),
      async send({request}) {
        const {status, body} = await answer(local, 'http://localhost', structuredClone(request)).catch(refusal);
        return {status, body};
      },
      close: () => journal.close(),
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Whether one lives in the folder `dir`; also where that cannot be told, which `openLocal` gives the reason of. */
export function isLocal(dir) {
  try {
    fs.statSync(path.join(dir, JOURNAL));
    return true;
  } catch ({code}) {
    return code !== 'ENOENT';
  }
}

/** Opens the local Kosli in a folder and serves it on 127.0.0.1; `port` 0 takes a free one, `limits` are those of `createServer`. For the rest see `openLocal`. */
export async function startLocal({port = 0, limits, ...options}) {
  let opening;
  const server = createServer((request, response) => opening.then(({handle}) => handle(request, response), () => response.destroy()), limits);
  const host = '127.0.0.1';
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE') throw new Error(`port ${port} is taken, maybe by another local Kosli; --port 0 takes any that is free`, {cause: error});
    throw error;
  }
  opening = openLocal(options); // now: where nobody can be served, no folder is made
  const local = await opening.catch(error => {
    server.close();
    throw error;
  });
  const listening = server.address().port;
  return {
    url: `http://${host}:${listening}`, host, port: listening,
    dir: local.dir, org: local.org, token: local.token, send: local.send,
    async close() {
      const closed = once(server, 'close');
      server.close(); // and the idle connections; requests under way are answered
      const patience = setTimeout(() => server.closeAllConnections(), 5000);
      await closed;
      clearTimeout(patience);
      await local.close();
    },
  };
}

function login() {
  try {
    return os.userInfo().username;
  } catch {
    return 'local'; // a container may run as a user without a name
  }
}

const JOURNAL = 'journal.jsonl';
const OUR_FILES = ['.gitignore', JOURNAL, `${JOURNAL}.pid`, 'token'];

async function openIn(folder, options) {
  try {
    makeFolder(folder);
    return await openJournal(path.join(folder, JOURNAL), options);
  } catch (error) {
    const why = {EEXIST: 'it is not a folder', ENOTDIR: 'it is not a folder', EACCES: 'this user may not use it', EPERM: 'this user may not use it', ENOENT: 'nobody can make it there', EROFS: 'nobody can write there'}[error.code];
    throw why === undefined ? error : new Error(`\`${folder}\` cannot be opened as a local Kosli: ${why}`, {cause: error});
  }
}

function makeFolder(folder) {
  const missing = [];
  for (let at = folder; !fs.existsSync(at); at = path.dirname(at)) missing.unshift(at);
  for (const at of missing) makeOne(at);
  // The token must not end up in a repository. A folder that holds something else is somebody else's to describe.
  const ignore = path.join(folder, '.gitignore');
  const isOurs = fs.readdirSync(folder).every(name => OUR_FILES.includes(name));
  // Missing or empty: the disk was full, or the power went, before a word was in it.
  if (isOurs && !(fs.statSync(ignore, {throwIfNoEntry: false})?.size > 0)) fs.writeFileSync(ignore, '*\n');
}

// Not with `recursive`: where a file system answers ENOENT (/proc, an automounted folder), Node tries without end.
function makeOne(folder) {
  try {
    fs.mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another process was first
  }
  syncFolder(path.dirname(folder));
}

function tokenIn(folder) {
  const file = path.join(folder, 'token');
  const known = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
  if (known !== '') return known;
  const token = randomBytes(20).toString('hex');
  fs.writeFileSync(file, `${token}\n`, {mode: 0o600});
  return token;
}

// Later than the entry before it, whatever the clock says, so that times order what happened; to the microsecond, as Kosli's.
function timeAfter(milliseconds, latest) {
  return Math.max(milliseconds * 1000, Math.round(latest * 1e6) + 1) / 1e6;
}
