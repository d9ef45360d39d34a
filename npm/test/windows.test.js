// Freeze windows on the command line, end to end: a policy's file, the core, a local Kosli.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {ask, serveAt, temporaryFolder} from './local-kosli.js';

const WEEKEND = {name: 'weekend', effect: 'freeze', environments: ['prod-*'], timezone: 'Europe/Berlin', reason: 'nobody is there to mend it', days: ['fri'], from: '16:00', to: '24:00'};
const CHRISTMAS = {name: 'christmas', effect: 'freeze', environments: ['*', '!dev'], timezone: 'Europe/Berlin', from: '2026-12-24T18:00', to: '2026-12-27'};
const OFFICE = {name: 'office hours', effect: 'allow', environments: ['prod-*'], timezone: 'Europe/Berlin', days: ['mon-fri'], from: '09:00', to: '17:00'};

// What the core says of them.
const LINT = 'warning: nodeploy.json:PLACE: the window `christmas` ends as its last date begins, Sun 27 Dec 2026 00:00; to close that day too, write T24:00 after it\n';

const utc = milliseconds => new Date(milliseconds).toISOString().slice(0, 19);

/** A window from an hour ago that ends so many seconds from now. */
const endsIn = seconds => ({...CHRISTMAS, name: 'short', timezone: 'UTC', from: utc(Date.now() - 3_600_000), to: utc(Date.now() + seconds * 1000)});

/** A folder with that policy, and a `nodeploy` that runs in it, with no account. */
function policy(t, ...windows) {
  const cwd = temporaryFolder(t);
  writeFileSync(join(cwd, 'nodeploy.json'), JSON.stringify({policy: 'release', windows}));
  const now = args => args.includes('--at') ? '2026-12-01T12:00:00Z' : undefined;
  const run = async (args, options) => {
    const ended = await nodeploy(args, {cwd, now: now(args), ...options, env: {TZ: 'Europe/Berlin', ...options?.env}});
    return {...ended, stderr: ended.stderr.replace(/nodeploy\.json:\d+:\d+:/g, 'nodeploy.json:PLACE:')};
  };
  return {cwd, run};
}

/** The same, with a local Kosli that has `prod-aws`. */
async function kosli(t, ...windows) {
  const {cwd, run} = policy(t, ...windows);
  const server = await serveAt(t);
  await ask(server, 'PUT', '/api/v2/environments/acme', {json: {name: 'prod-aws', type: 'K8S', description: ''}});
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_ENV: 'prod-aws'};
  const tag = set => ask(server, 'PATCH', '/api/v2/tags/acme/env/prod-aws', {json: {set_tags: set, remove_tags: []}});
  const tags = async () => Object.keys((await ask(server, 'GET', '/api/v2/environments/acme/prod-aws')).body.tags);
  return {cwd, tag, tags, run: (args, options) => run(args, {...options, env: {...env, ...options?.env}})};
}

// How a rule reads is the core's business.
const masked = text => text.replace(/^( {4}rule {3}).*(, \S+)$/gm, '$1RULE$2');
const lines = (...texts) => `${texts.join('\n')}\n`;

test('windows: an agenda, without an account', async t => {
  const {run} = policy(t, WEEKEND, CHRISTMAS);
  const {code, stdout, stderr} = await run(['windows', '--at', '2026-12-10T12:00:00Z', '--days', '30']);
  assert.deepEqual([code, stderr], [0, LINT]);
  assert.equal(masked(stdout).replace(/^.*\n/, ''), lines(
    'Europe/Berlin',
    'Fri 2026-12-11 16:00 - 24:00                 freeze  weekend',
    'Fri 2026-12-18 16:00 - 24:00                 freeze  weekend',
    'Thu 2026-12-24 18:00 - Sun 2026-12-27 00:00  freeze  christmas',
    'Fri 2026-12-25 16:00 - 24:00                 freeze  weekend',
    'Fri 2027-01-01 16:00 - 24:00                 freeze  weekend',
    'Fri 2027-01-08 16:00 - 24:00                 freeze  weekend',
    '',
    '  weekend (freeze window)',
    '    rule   RULE, Europe/Berlin',
    '    why    nobody is there to mend it',
    '    next   2026-12-11 15:00 UTC (16:00 Europe/Berlin)',
    '  christmas (freeze window)',
    '    rule   RULE, Europe/Berlin',
    '    next   2026-12-24 17:00 UTC (18:00 Europe/Berlin)',
  ));
});

test('windows: in the zone that all have, and in the one here; of several zones only in the one here', async t => {
  const elsewhere = {...CHRISTMAS, name: 'elsewhere', timezone: 'America/New_York', from: '2026-12-24T18:00', to: '2026-12-25T06:00'};
  const agenda = async windows => (await policy(t, ...windows).run(['windows', '--at', '2026-12-10T12:00:00Z'], {env: {TZ: 'Asia/Tokyo'}})).stdout.split('\n\n')[0].split('\n').slice(1);
  assert.deepEqual(await agenda([CHRISTMAS]), [
    'Europe/Berlin                                here, Asia/Tokyo',
    'Thu 2026-12-24 18:00 - Sun 2026-12-27 00:00  Fri 2026-12-25 02:00 - Sun 2026-12-27 08:00  freeze  christmas',
  ]);
  assert.deepEqual(await agenda([CHRISTMAS, elsewhere]), [
    'Asia/Tokyo',
    'Fri 2026-12-25 02:00 - Sun 2026-12-27 08:00  freeze  christmas',
    'Fri 2026-12-25 08:00 - 20:00                 freeze  elsewhere',
  ]);
});

test('windows: over midnight, and what is suspended', async t => {
  const night = {...WEEKEND, name: 'night', from: '22:00', to: '06:00', reason: undefined};
  const {run} = policy(t, night, {...CHRISTMAS, to: '2026-12-26T24:00', suspended: true});
  const {stdout, stderr} = await run(['windows', '--at', '2026-12-20T12:00:00Z', '--days', '7']);
  assert.equal(stderr, 'warning: nodeploy.json:PLACE: the window `christmas` is suspended: it closes nothing; take `suspended` out to have it back\n');
  assert.equal(masked(stdout).replace(/^.*\n/, ''), lines(
    'Europe/Berlin',
    'Fri 2026-12-25 22:00 - Sat 06:00  freeze  night',
    '',
    '  night (freeze window)',
    '    rule   RULE, Europe/Berlin',
    '    next   2026-12-25 21:00 UTC (22:00 Europe/Berlin)',
  ));
});

test('a calendar of one environment has what people have frozen, with its end, and asks for it', async t => {
  const {run} = await kosli(t, CHRISTMAS);
  await run(['-r', 'load test', '--by', 'ann', '--until', '2h', 'on']);
  const {code, stdout, stderr} = await run(['windows', '--ics']);
  assert.deepEqual([code, stderr], [0, LINT]);
  assert.match(stdout, /\r\nSUMMARY:prod-aws: frozen by ann\r\nDESCRIPTION:load test\r\n/);
  const all = await run(['windows', '--ics'], {env: {NODEPLOY_ENV: '', KOSLI_API_TOKEN: ''}});
  assert.deepEqual([all.code, /frozen by/.test(all.stdout), /christmas/.test(all.stdout)], [0, false, true], 'without an environment it needs no account');
  const blind = await run(['windows', '--ics'], {env: {KOSLI_API_TOKEN: ''}});
  assert.deepEqual([blind.code, blind.stdout], [2, '']);
});

test('windows --json and --ics', async t => {
  const {run} = policy(t, WEEKEND, CHRISTMAS);
  const about = ['windows', '--at', '2026-12-20T12:00:00Z', '--days', '6'];
  const json = await run([...about, '--json']);
  assert.deepEqual([json.code, json.stderr], [0, '']);
  const document = JSON.parse(json.stdout);
  assert.deepEqual(Object.keys(document), ['decision', 'reason', 'summary', 'advice', 'next', 'freezes', 'windows', 'opens_at', 'closes_at', 'closures', 'policy', 'exceptions', 'warnings', 'action', 'pause', 'done', 'rounds']);
  assert.deepEqual([document.decision, document.reason, document.freezes, document.done, document.rounds], ['proceed', 'windows_listed', [], [], 1]);
  assert.deepEqual(document.warnings.map(({code}) => code), ['date_end']);
  assert.deepEqual(document.windows.map(({name, active}) => [name, active]), [['weekend', false], ['christmas', false]]);
  assert.deepEqual(document.closures.map(({name, starts_local: starts, ends_at: ends}) => [name, starts, ends]), [
    ['christmas', '2026-12-24T18:00:00+01:00', '2026-12-26T23:00:00Z'],
    ['weekend', '2026-12-25T16:00:00+01:00', '2026-12-25T23:00:00Z'],
  ]);
  const ics = await run([...about, '--ics']);
  assert.deepEqual([ics.code, ics.stderr], [0, LINT]);
  assert.match(ics.stdout, /^BEGIN:VCALENDAR\r\n[^]*christmas[^]*\r\nEND:VCALENDAR\r\n$/);
  assert.doesNotMatch(ics.stdout, /[^\r]\n/);
  const both = JSON.parse((await run([...about, '--ics', '--json'])).stdout);
  assert.equal(both.calendar.replace(/^DTSTAMP.*$/gm, ''), ics.stdout.replace(/^DTSTAMP.*$/gm, ''));
});

test('windows of an environment: read only where tags or types decide', async t => {
  const of = {...CHRISTMAS, tags: {tier: 'critical'}};
  const {run, tag} = await kosli(t, of);
  const nobody = {KOSLI_ORG: '', KOSLI_API_TOKEN: '', KOSLI_HOST: ''};
  const about = ['windows', '--at', '2026-12-20T12:00:00Z', '--json'];
  const names = async (args, env = {}) => JSON.parse((await run([...about, ...args], {env})).stdout).windows.map(({name}) => name);
  const asked = await run(about, {env: nobody});
  assert.equal(asked.code, 2);
  assert.match(JSON.parse(asked.stdout).summary, /organisation is missing/);
  assert.deepEqual(await names(['--environment='], nobody), ['christmas'], 'of every window');
  assert.deepEqual(await names(['-e', 'dev'], nobody), [], 'of an environment that no window names');
  assert.deepEqual(await names([]), [], 'it has no such tag');
  await tag({tier: 'critical'});
  assert.deepEqual(await names([]), ['christmas']);
});

test('assert: closed by a window, open between two, each until when', async t => {
  const {run} = await kosli(t, WEEKEND, CHRISTMAS);
  // The date at the end of `christmas` can be read in two ways: a gate says so, whatever it decides.
  const dateEnd = 'warning: nodeploy.json:PLACE: the window `christmas` ends as its last date begins, Sun 27 Dec 2026 00:00; to close that day too, write T24:00 after it\n';
  const closed = await run(['assert', '--at', '2026-12-11T16:00:00Z']);
  assert.deepEqual([closed.code, closed.stderr], [1, `${dateEnd}nodeploy: refused (exit 1)\n`]);
  assert.equal(masked(closed.stdout), lines(
    'Checking nodeploy for prod-aws: closed.',
    '  weekend (freeze window, active)',
    '    rule   RULE, Europe/Berlin',
    '    why    nobody is there to mend it',
    '    until  2026-12-11 23:00 UTC (2026-12-12 00:00 Europe/Berlin)',
    'opens at 2026-12-11 23:00 UTC (2026-12-12 00:00 Europe/Berlin)',
    'policy nodeploy.json: 2 of 2 windows are for prod-aws',
    'to see what is coming: nodeploy -e prod-aws windows',
  ));
  const open = await run(['assert', '--at', '2026-12-11T14:00:00Z']);
  assert.deepEqual(open, {code: 0, signal: null, stderr: dateEnd, stdout: lines('Checking nodeploy for prod-aws: ok at 2026-12-11 14:00:00 UTC, as far as is known now.', 'open until 2026-12-11 15:00 UTC (16:00 Europe/Berlin)', 'policy nodeploy.json: 2 of 2 windows are for prod-aws')});
  const {decision, reason, windows, opens_at: opensAt, closes_at: closesAt, action} = JSON.parse((await run(['assert', '--at', '2026-12-11T16:00:00Z', '--json'])).stdout);
  assert.deepEqual([decision, reason, opensAt, closesAt, action], ['refuse', 'freeze_window', '2026-12-11T23:00:00Z', null, {type: 'assert', at: '2026-12-11T16:00:00Z'}]);
  assert.deepEqual(windows.map(({name, active, ends_at: ends}) => [name, active, ends]), [['weekend', true, '2026-12-11T23:00:00Z']]);
  assert.equal((await run(['assert', '--at', '2026-12-11T16:00:00Z', '--policy='])).code, 0);
  assert.equal((await run(['assert', '--at', '2026-12-11T16:00:00Z', '--policy=', '-e', 'nobody'])).code, 2);
});

test('assert: open, but not for long enough', async t => {
  const {run} = await kosli(t, WEEKEND);
  const about = ['assert', '--at', '2026-12-11T14:30:00Z'];
  assert.equal((await run([...about, '--needs', '30m'])).code, 0);
  const {code, stdout} = await run([...about, '--needs', '31m']);
  assert.equal(code, 1);
  assert.equal(stdout, lines(
    'Checking nodeploy for prod-aws: closes too soon.',
    'prod-aws closes at 2026-12-11 15:00:00 UTC, in 30 minutes, by the freeze window `weekend`: nobody is there to mend it; the deployment needs 31 minutes',
    'opens at 2026-12-11 23:00 UTC (2026-12-12 00:00 Europe/Berlin), for 31 min or longer',
    'policy nodeploy.json: 1 of 1 window is for prod-aws',
    'to see what is coming: nodeploy -e prod-aws windows',
  ));
  assert.equal(JSON.parse((await run([...about, '--needs', 'PT31M', '--json'])).stdout).reason, 'closes_too_soon');
});

test('assert: outside all allow windows', async t => {
  const {run} = await kosli(t, OFFICE);
  const {code, stdout} = await run(['assert', '--at', '2026-12-12T12:00:00Z']);
  assert.equal(code, 1);
  assert.match(masked(stdout), /^Checking nodeploy for prod-aws: closed, outside its allow windows\.\n {2}office hours \(allow window\)\n {4}rule {3}RULE, Europe\/Berlin\n {4}next {3}2026-12-14 08:00 UTC \(09:00 Europe\/Berlin\)\nopens at 2026-12-14 08:00 UTC \(09:00 Europe\/Berlin\)\n/);
  const open = await run(['assert', '--at', '2026-12-11T12:00:00Z']);
  assert.deepEqual([open.code, open.stdout], [0, lines('Checking nodeploy for prod-aws: ok at 2026-12-11 12:00:00 UTC, as far as is known now.', 'open until 2026-12-11 16:00 UTC (17:00 Europe/Berlin)', 'policy nodeploy.json: 1 of 1 window is for prod-aws')]);
  const agenda = (await run(['windows', '--at', '2026-12-12T12:00:00Z', '--days', '3'])).stdout;
  assert.match(agenda, /^until Mon 2026-12-14 09:00 {8}closed {2}outside all allow windows\nMon 2026-12-14 17:00 - Tue 09:00 {2}closed /m);
});

test('a freeze and a window: frozen, both are shown, and status shows the same', async t => {
  const {run} = await kosli(t, {...CHRISTMAS, name: 'always', from: '2020-01-01', to: '2099-01-01'});
  assert.equal((await run(['on', '-r', 'migration', '--by', 'steve'])).code, 0);
  const shown = masked((await run(['assert'])).stdout).replace(/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g, 'ID').replace(/since {2}.*/, 'since  TIME');
  const paragraphs = lines(
    '  ID', '    since  TIME', '    by     steve', '    why    migration',
    '  always (freeze window, active)', '    rule   RULE, Europe/Berlin', '    until  2098-12-31 23:00 UTC (2099-01-01 00:00 Europe/Berlin)',
  );
  assert.ok(shown.startsWith(`Checking nodeploy for prod-aws: frozen.\n${paragraphs}`), shown);
  assert.match(shown, /\nto lift it: nodeploy -e prod-aws off --freeze ID\n`always` closes it all the same; to open it earlier: `suspended: true` for `always` in nodeploy\.json\n$/);
  const status = await run(['status']);
  assert.equal(status.code, 0);
  const [summary, ...rest] = masked(status.stdout).replace(/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d~steve/g, 'ID').replace(/ {4}since {2}.*/, '    since  TIME').split('\n');
  assert.match(summary, /^prod-aws is frozen/);
  assert.ok(rest.join('\n').startsWith(paragraphs), status.stdout);
});

test('a policy that the core does not take: exit 2, with the place', async t => {
  const {run, cwd} = await kosli(t);
  writeFileSync(join(cwd, 'bad.yaml'), 'windows:\n  - name: a\n    effect: freeze\n    environments: ["*"]\n    timezone: Europe/Lodnon\n    from: 2026-12-24\n    to: 2026-12-25\n');
  for (const args of [['assert'], ['status'], ['windows'], ['sync'], ['assert', '--dry-run'], ['assert', '--wait', '1h']]) {
    const {code, stdout, stderr} = await run([...args, '--policy', 'bad.yaml']);
    assert.deepEqual([code, stdout.replace('Repairing nodeploy for prod-aws\n', '')], [2, ''], args.join(' '));
    assert.match(stderr, /^nodeploy: bad\.yaml:5:5: the policy cannot be read: windows\[0\] \(`a`\): `timezone` is `Europe\/Lodnon`, which is not an IANA time zone; did you mean `Europe\/London`\?$/m);
  }
  const {reason, summary} = JSON.parse((await run(['assert', '--json', '--policy', 'bad.yaml'])).stdout);
  assert.equal(reason, 'bad_policy');
  assert.match(summary, /^bad\.yaml:5:5: the policy cannot be read: windows\[0\]/);
});

test('the next command goes by the same policy, and a window that is active can be suspended there', async t => {
  const {run, cwd} = await kosli(t);
  writeFileSync(join(cwd, 'other.json'), JSON.stringify({windows: [endsIn(3000)]}));
  const {stdout} = await run(['assert', '--policy', 'other.json']);
  const [opens, policyLine, wait, earlier] = stdout.trimEnd().split('\n').slice(-4);
  assert.equal(policyLine, 'policy other.json: 1 of 1 window is for prod-aws');
  assert.match(opens, /^opens at .* UTC, in 50 min$/);
  assert.match(wait, /^to wait for it: nodeploy -e prod-aws assert --wait 5\dm --policy other\.json$/);
  assert.equal(earlier, 'to open it earlier: `suspended: true` for `short` in other.json');
});

test('sync: a window on record, its end moved, lifted by hand, suspended', async t => {
  const {run, cwd, tags} = await kosli(t);
  const [from, end, later] = [-3600, 3600, 7200].map(seconds => utc(Date.now() + seconds * 1000));
  const sync = async window => {
    writeFileSync(join(cwd, 'nodeploy.json'), JSON.stringify({policy: 'release', windows: [{...CHRISTMAS, timezone: 'UTC', reason: 'office closed', from, to: end, ...window}]}));
    const {code, stderr, stdout} = await run(['sync']);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.replace(/window[a-z]+\.[0-9a-f]{8}/g, 'WINDOW').replaceAll(from.replaceAll(':', '.'), 'FROM').split('\n').slice(1, -1);
    assert.equal(lines.pop(), `policy nodeploy.json: ${window?.suspended ? '0 of 1 window is for prod-aws, 1 suspended' : '1 of 1 window is for prod-aws'}`);
    return lines;
  };
  const freezes = async () => JSON.parse((await run(['status', '--json'])).stdout).freezes.map(({by, reason, until, state}) => [by, reason, until, state]);
  const old = ['assert', '--policy=']; // a gate that has no policy

  assert.deepEqual((await sync()).slice(0, -1), [
    "Tag(s) [nodeploy, nodeploy.FROM~WINDOW] added for env 'prod-aws'",
    "flow 'prod-aws-nodeploy' was created",
    "trail 'FROM~WINDOW' was begun",
    'generic attestation \'nodeploy-on\' is reported to trail: FROM~WINDOW',
  ]);
  assert.deepEqual(await freezes(), [['window/release/christmas', 'office closed', `${end}Z`, 'open']]);
  assert.equal((await run(old)).code, 1);
  const again = await sync();
  assert.equal(again.length, 1);
  assert.match(again[0], /^tags and records of prod-aws are in order; prod-aws is frozen since .* by window\/release\/christmas until .*: office closed$/);

  await sync({to: later});
  assert.deepEqual(await freezes(), [['window/release/christmas', 'office closed', `${later}Z`, 'open']]);
  assert.equal((await sync({to: later})).length, 1);

  await sync({suspended: true});
  assert.deepEqual([await freezes(), (await run(old)).code, await tags()], [[], 0, []]);

  await sync({name: 'easter'});
  assert.equal((await run(['off', '--all'])).code, 0);
  assert.match((await sync({name: 'easter'})).join(), /^tags and records of prod-aws are in order; /);
  assert.deepEqual([(await run(old)).code, (await run(['assert'])).code], [0, 1], 'lifted by hand is the record, not the window');
});

test('the place of what is missing, and of what nobody knows', async t => {
  const {run, cwd} = policy(t);
  for (const [line, wanted] of [
    ['reson: x', /^nodeploy: bad\.yaml:3:5: the policy cannot be read: windows\[0\] \(`a`\): unknown field `reson`/],
    ['reason: x', /^nodeploy: bad\.yaml:2:5: the policy cannot be read: windows\[0\] \(`a`\): missing field `effect`/],
  ]) {
    writeFileSync(join(cwd, 'bad.yaml'), `windows:\n  - name: a\n    ${line}\n`);
    const {code, stderr} = await run(['windows', '--policy', 'bad.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, wanted);
  }
});

test('lints are warnings', async t => {
  const {run} = policy(t, {...CHRISTMAS, from: '2020-12-24', to: '2020-12-27'});
  const {code, stderr} = await run(['windows']);
  assert.equal(code, 0);
  assert.match(stderr, /^warning: .*christmas/m);
});

test("a policy's words do nothing to the terminal or the CI", async t => {
  const evil = '::error::x\n::set-output name=a::b\r\u001B[2J\u009B31m\u202E##vso[task.complete] %0A';
  const always = {...CHRISTMAS, name: '::error::##[x]', reason: evil, from: '2020-01-01', to: '2099-01-01'};
  const {run} = await kosli(t, always, {...OFFICE, name: 'b##vso[y]\u202E', reason: evil});
  for (const args of [['assert'], ['status'], ['windows'], ['windows', '--environment='], ['assert', '--json'], ['windows', '--json'], ['assert', '--wait', '1m'], ['sync']]) {
    const {stdout, stderr} = await run(args);
    for (const line of `${stdout}\n${stderr}`.split('\n')) assert.doesNotMatch(line, /[\p{Cc}\u202E]|^\s*::|^##|##[a-z]*\[/u);
  }
});

test('assert --wait: it opens in time, and one line in the log says what it waits for', async t => {
  const {run} = await kosli(t, endsIn(2));
  const {code, stdout, stderr} = await run(['assert', '--wait', 'PT4S']);
  assert.equal(code, 0);
  assert.match(stdout, /^Checking nodeploy for prod-aws: ok\.\n/);
  assert.match(stderr, /^(nodeploy: .*; waiting for it to open at .* UTC \(in \d s\), until .* UTC at the latest\n)?warning: nodeploy\.json:PLACE: the window `short` is over and never recurs; you can remove it\n$/);
});

test('assert --wait: it opens too late, and the gate says so at once', async t => {
  const {run} = await kosli(t, endsIn(3600));
  const {code, stdout, stderr} = await run(['assert', '--wait', '30m']);
  assert.equal(code, 1);
  assert.match(stdout, /^Checking nodeploy for prod-aws: closed\.\n[^]*\nopens at /);
  assert.match(stderr, /^nodeploy: not waiting for that: --wait ends at .* UTC\nnodeploy: refused \(exit 1\)\n$/);
});

test('assert --wait: a freeze without an end, until the deadline', async t => {
  const {run} = await kosli(t);
  await run(['on', '-r', 'x', '--by', 'steve']);
  const {code, stdout, stderr} = await run(['assert', '--wait', 'PT1S', '--json']);
  assert.equal(code, 1);
  assert.deepEqual([JSON.parse(stdout).reason, JSON.parse(stdout).rounds], ['frozen', 2]);
  assert.match(stderr, /^nodeploy: prod-aws is frozen since .*; waiting for it to open, until .* UTC at the latest\nnodeploy: waited until .* UTC\n$/);
});

test('Ctrl-C while it waits', {skip: process.platform === 'win32' && 'there are no signals'}, async t => {
  const {run} = await kosli(t, endsIn(600));
  const {code, stdout, stderr} = await run(['assert', '--wait', '30m'], {during: child => {
    child.stderr.once('data', () => child.kill('SIGINT'));
  }});
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^nodeploy: .*; waiting for it to open at .*\nnodeploy: stopped before prod-aws opened\nnodeploy: could not decide \(exit 2\)\n$/);
});
