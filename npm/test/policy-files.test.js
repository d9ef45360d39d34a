// Files that are no files, that lead elsewhere, or that change: a gate that cannot read its policy never says ok, never waits, and
// shows nothing of what it should not have read.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs, {appendFileSync, chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {createServer} from 'node:net';
import {join, relative} from 'node:path';
import test from 'node:test';
import {readPolicy} from '../index.js';
import {CLI, node, nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';
const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};
const isWindows = process.platform === 'win32';
const posix = {skip: isWindows && 'there are none of these'};

// What is put at a path, and what is said of it. A folder of its own each, so that nothing waits for anything.
const KINDS = {
  'a pipe': [path => execFileSync('mkfifo', [path]), 'it is a pipe, not a file'],
  'a link to a pipe': [path => { execFileSync('mkfifo', [`${path}.real`]); symlinkSync(`${path}.real`, path); }, 'it is a pipe, not a file', "it is a pipe, not a file"],
  'a folder': [path => mkdirSync(path), 'it is a folder, not a file'],
  'a device without an end': [path => symlinkSync('/dev/zero', path), 'it is a device, not a file', "it is a link that leads out of the policy's folder"],
  'a device without content': [path => symlinkSync('/dev/null', path), 'it is a device, not a file', "it is a link that leads out of the policy's folder"],
  'a terminal': [path => symlinkSync('/dev/tty', path), 'it is a device, not a file', "it is a link that leads out of the policy's folder"],
  'an immense file with nothing in it': [path => { writeFileSync(path, ''); truncateSync(path, 2 ** 40); }, 'it is larger than 1 MiB'],
  'a file of zeros': [path => { writeFileSync(path, ''); truncateSync(path, 2 ** 20); }, 'it is not UTF-8 text: line 1 has a NUL byte'],
  'UTF-16': [path => writeFileSync(path, `\uFEFF${CALENDAR}`, 'utf16le'), 'it is UTF-16 text, and must be UTF-8'],
  'a circle of links': [path => symlinkSync(path, path), 'its links lead in a circle'],
  'a link to nowhere': [path => symlinkSync(`${path}.no`, path), 'there is no such file'],
};

for (const [kind, [make, asPolicy, asCalendar = asPolicy]] of Object.entries(KINDS)) {
  test(`${kind} as policy and as calendar`, posix, async t => {
    const folder = temporaryFolder(t);
    make(join(folder, 'c.ics'));
    make(join(folder, 'nodeploy.yaml'));
    const files = {p: 'windows: [{name: a, calendar: c.ics}]'};
    writeFileSync(join(folder, 'p.yaml'), files.p);
    const {code, stdout, stderr} = await nodeploy(['assert'], {env: KOSLI, cwd: folder});
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.startsWith(`nodeploy: nodeploy.yaml: ${asPolicy}\n`), stderr);
    const {message} = await readPolicy(join(folder, 'p.yaml')).catch(error => error);
    assert.equal(message, `${join(folder, 'p.yaml')}:1:21: the calendar \`c.ics\` cannot be read: ${join(folder, 'c.ics')}: ${asCalendar}`);
  });
}

test('a socket', posix, async t => {
  const folder = temporaryFolder(t);
  const server = createServer().listen(join(folder, 'nodeploy.yaml'));
  t.after(() => server.close());
  const {message} = await readPolicy(join(folder, 'nodeploy.yaml')).catch(error => error);
  assert.match(message, /: it is a socket, not a file$/);
});

test("a file of the system's, which says it is empty and is not", {skip: process.platform !== 'linux' && 'there is none'}, async () => {
  const {message} = await readPolicy('/proc/self/status').catch(error => error);
  assert.equal(message, '/proc/self/status: it changed while it was read');
});

// Between its first piece and its last: Node's own `readSync` is the seam.
for (const [what, meddle] of [
  ['grows', path => appendFileSync(path, '# more\n')],
  ['shrinks', path => truncateSync(path, 3)],
  ['is written anew', path => writeFileSync(path, `windows: [] # ${'x'.repeat(20)}\n`)],
]) {
  test(`a file that ${what} while it is read`, async t => {
    const path = join(temporaryFolder(t), 'nodeploy.yaml');
    writeFileSync(path, `windows: [] # ${'y'.repeat(20)}\n`);
    const {readSync} = fs;
    const seam = read => {
      fs.readSync = read;
      syncBuiltinESMExports();
    };
    t.after(() => seam(readSync));
    seam((...args) => {
      seam(readSync);
      const length = readSync(...args);
      meddle(path);
      return length;
    });
    const outcome = await readPolicy(path).catch(error => error.message);
    assert.equal(outcome, `${path}: it changed while it was read`);
    assert.deepEqual(await readPolicy(path).catch(error => error.name), what === 'shrinks' ? 'PolicyError' : {windows: []}, 'afterwards it is read as it is');
  });
}

// As somebody who may not: nobody else's rights are those of the one who runs the tests, root's least of all.
const somebody = process.getuid?.() === 0 ? {uid: 65_534, gid: 65_534} : {};
for (const [what, forbid, words] of [
  ['policy', folder => chmodSync(join(folder, 'nodeploy.yaml'), 0), /^nodeploy: nodeploy\.yaml: this user may not read it\n/],
  ['calendar', folder => chmodSync(join(folder, 'c.ics'), 0), /^nodeploy: nodeploy\.yaml:1:21: the calendar `c\.ics` cannot be read: .*c\.ics: this user may not read it\n/],
]) {
  test(`a ${what} that this user may not read`, posix, async t => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'nodeploy.yaml'), 'windows: [{name: a, calendar: c.ics}]');
    writeFileSync(join(folder, 'c.ics'), CALENDAR);
    for (const name of ['nodeploy.yaml', 'c.ics']) chmodSync(join(folder, name), 0o644); // whatever the umask
    forbid(folder);
    const {code, stdout, stderr} = await node([CLI, 'assert'], {env: KOSLI, cwd: folder, ...somebody});
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, words);
  });
}

const OUT = 'leads out of the policy\'s folder';
for (const [calendar, words] of [
  ['/proc/self/environ', OUT], ['/etc/passwd', OUT], ['../secret.ics', OUT], ['a/../../secret.ics', OUT], ['a/../secret.ics', OUT], ['..', OUT],
  ['C:/secret.ics', OUT], ['C:secret.ics', OUT], [String.raw`C:\secret.ics`, OUT], [String.raw`..\secret.ics`, OUT], [String.raw`\\server\share\secret.ics`, OUT],
  ['link.ics', /a link that leads out of the policy's folder$/], ['linked/secret.ics', /a link that leads out of the policy's folder$/], ['environ.ics', /a link that leads out of the policy's folder$/],
]) {
  test(`no calendar outside of the policy's folder: ${calendar}`, posix, async t => {
    const outside = temporaryFolder(t);
    const folder = join(outside, 'ops');
    mkdirSync(folder);
    writeFileSync(join(outside, 'secret.ics'), `${CALENDAR}hunter2`);
    symlinkSync('../secret.ics', join(folder, 'link.ics'));
    symlinkSync(outside, join(folder, 'linked'));
    symlinkSync('/proc/self/environ', join(folder, 'environ.ics'));
    writeFileSync(join(folder, 'nodeploy.json'), JSON.stringify({windows: [{calendar}]}));
    const error = await readPolicy(join(folder, 'nodeploy.json')).catch(each => each);
    assert.equal(error.reason, 'bad_policy', error.stack);
    const said = error.message.slice(`${join(folder, 'nodeploy.json')}:1:14: the calendar \`${calendar}\` `.length);
    if (words instanceof RegExp) assert.match(said, words);
    else assert.equal(said, words);
  });
}

test('a calendar below the folder, and one that a link within it leads to', posix, async t => {
  const folder = temporaryFolder(t); // as Kubernetes mounts a ConfigMap: nodeploy.yaml -> ..data/nodeploy.yaml, ..data -> ..2026
  mkdirSync(join(folder, '..2026'));
  symlinkSync('..2026', join(folder, '..data'));
  for (const [name, text] of [['nodeploy.yaml', 'windows: [{calendar: holidays.ics}, {calendar: ./..2026/holidays.ics}]'], ['holidays.ics', CALENDAR]]) {
    writeFileSync(join(folder, '..2026', name), text);
    symlinkSync(`..data/${name}`, join(folder, name));
  }
  for (const path of [join(folder, 'nodeploy.yaml'), relative('.', join(folder, 'nodeploy.yaml'))]) {
    const {calendars} = await readPolicy(path);
    assert.deepEqual(calendars, {'holidays.ics': CALENDAR, './..2026/holidays.ics': CALENDAR});
  }
});

test('nothing is shown of a file that is no calendar', async t => {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, '.env'), 'PASSWORD=hunter2\nBEGIN:VCALENDAR\nhunter2\n');
  writeFileSync(join(cwd, 'nodeploy.yaml'), 'windows: [{name: a, effect: freeze, environments: ["*"], timezone: UTC, calendar: .env}]');
  for (const args of [['windows'], ['windows', '--json']]) {
    const {code, stdout, stderr} = await nodeploy(args, {env: KOSLI, cwd});
    assert.equal(code, 2);
    assert.match(stdout + stderr, /nodeploy\.yaml:1:73: the policy cannot be read: windows\[0\] \(`a`\): `calendar`: `\.env`: this is not the text of a calendar/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  }
});
