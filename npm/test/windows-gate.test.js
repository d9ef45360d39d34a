// Gates under freeze windows: closed, closed soon, waited for, put on record.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {CHRISTMAS, endsIn, kosli, lines, masked, OFFICE, policy, utc, WEEKEND} from './windows-kosli.js';

const LATER = {...CHRISTMAS, name: 'later', effect: 'allow', timezone: 'UTC', from: utc(Date.now() + 3_600_000), to: utc(Date.now() + 7_200_000)};

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

test('a calendar that closes says by which of its events; a private one is not named', async t => {
  const event = (day, ...more) => ['BEGIN:VEVENT', `UID:${day}`, `DTSTART;VALUE=DATE:${day}`, ...more, 'END:VEVENT'];
  const calendar = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event('20261225', 'SUMMARY:Christmas Day'), ...event('20261228', 'SUMMARY:Surgery', 'CLASS:PRIVATE'), 'END:VCALENDAR', ''];
  const {cwd, run} = await kosli(t, {name: 'holidays', effect: 'freeze', environments: ['*'], timezone: 'UTC', calendar: 'holidays.ics'});
  writeFileSync(join(cwd, 'holidays.ics'), calendar.join('\r\n'));
  const asked = async (...args) => (await run(args)).stdout;
  const paragraph = /\n {2}holidays \(freeze window, active\)\n {4}rule {3}.*, UTC\n {4}event {2}Christmas Day\n {4}until {2}2026-12-26 00:00 UTC\n/;
  for (const verb of ['assert', 'status']) assert.match(await asked(verb, '--at', '2026-12-25T12:00:00Z'), paragraph);
  assert.match(await asked('windows', '--at', '2026-12-20T12:00:00Z'), /\n {4}event {2}Christmas Day\n {4}next {3}2026-12-25 00:00 UTC\n/);
  assert.match(await asked('windows', '--at', '2026-12-20T12:00:00Z', '--md'), /\| rule \| event \| until or next \|\n.*\n.*\| Christmas Day \| next 2026/);
  const closed = await asked('assert', '--at', '2026-12-28T12:00:00Z');
  assert.match(closed, /\n {2}holidays \(freeze window, active\)\n/);
  assert.doesNotMatch(closed, /event {2}|Surgery/);
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
  // No exception lengthens it: none is advised, whatever the change.
  assert.equal((await run([...about, '--needs', '31m', '--change', 'commit=4f1c2ab'])).stdout, stdout);
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
  assert.ok(rest.join('\n').startsWith(paragraphs.replace('by     steve', '$& (account alice)')), status.stdout); // whose record is read besides
  const then = (await run(['assert', '--at', '2098-01-01T00:00:00Z'])).stdout;
  assert.match(then, /\nto lift it: .*\n`always` closes it all the same; to have it open then: `suspended: true` for `always` in nodeploy\.json\n$/);
});

test('a gate that lets an excepted change pass does not say how to open what it has passed', async t => {
  const {run} = await kosli(t, {...CHRISTMAS, name: 'always', from: '2020-01-01', to: '2099-01-01'});
  const change = ['--change', 'kind=docs'];
  const {stdout: asked} = await run(['except', '-r', 'docs', '--by', 'maya', '--until', '2h', ...change]);
  assert.equal((await run(['approve', '--by', 'noah', '--exception', /exception-\S+~maya/.exec(asked)[0]])).code, 0);
  const {code, stdout} = await run(['assert', '--claim', '--run', '1', ...change]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^Checking nodeploy for prod-aws: ok, this change is excepted\.\n/m);
  assert.doesNotMatch(stdout, /to open it earlier|closes it all the same/);
  const other = await run(['assert', '--claim', '--run', '2', ...change]);
  assert.deepEqual([other.code, /\nto open it earlier: `suspended: true` for `always`/.test(other.stdout)], [1, true], other.stdout);
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

test('outside of the allow windows: how it is waited for, and how it opens earlier', async t => {
  const {run} = await kosli(t, LATER);
  const gate = async () => (await run(['assert'])).stdout.trimEnd().split('\n').slice(-2);
  const [wait, earlier] = await gate();
  assert.match(wait, /^to wait for it: nodeploy -e prod-aws assert --wait \d+m$/);
  assert.equal(earlier, 'to open it earlier: one more `effect: allow` window, for now, in nodeploy.json');
  assert.ok((await run(['status'])).stdout.endsWith(`\n${earlier}\n`));
  assert.doesNotMatch((await run(['assert', '--at', utc(Date.now() + 600_000) + 'Z'])).stdout, /effect: allow/);
  await run(['on', '-r', 'migration', '--by', 'steve']);
  assert.equal((await gate())[1], `it is outside its allow windows all the same; ${earlier}`);
  const both = await kosli(t, LATER, endsIn(3000));
  assert.match((await both.run(['assert'])).stdout, /\nto open it earlier: `suspended: true` for `short` and one more `effect: allow` window, for now, in nodeploy\.json\n$/);
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

test('assert --wait: it opens in time, and one line in the log says what it waits for', async t => {
  const {run} = await kosli(t, endsIn(2));
  const {code, stdout, stderr} = await run(['assert', '--wait', 'PT4S']);
  assert.equal(code, 0);
  assert.match(stdout, /^Checking nodeploy for prod-aws: ok\.\n/);
  const told = stderr.replace(/^warning: .* ends at 23:59, .*\n/m, ''); // it may be that late
  assert.match(told, /^(nodeploy: .*; waiting for it to open at .* UTC \(in \d s\), until .* UTC at the latest, looking at least once a minute\n)?warning: nodeploy\.json:PLACE: the window `short` is over and never recurs; you can remove it\n$/);
});

test('assert --wait: it opens too late, and the gate says so at once', async t => {
  const {run} = await kosli(t, endsIn(3600));
  const {code, stdout, stderr} = await run(['assert', '--wait', '30m']);
  assert.equal(code, 1);
  assert.match(stdout, /^Checking nodeploy for prod-aws: closed\.\n[^]*\nopens at /);
  assert.match(stdout, /\nto wait for it: nodeploy -e prod-aws assert --wait \d+m\n/); // and not as long as was typed
  assert.match(stderr, /^nodeploy: not waiting for that: --wait ends at .* UTC\nnodeploy: refused \(exit 1\)\n$/);
});

test('assert --wait: a freeze without an end, until the deadline', async t => {
  const {run} = await kosli(t);
  await run(['on', '-r', 'x', '--by', 'steve']);
  const {code, stdout, stderr} = await run(['assert', '--wait', 'PT1S', '--json']);
  assert.equal(code, 1);
  assert.deepEqual([JSON.parse(stdout).reason, JSON.parse(stdout).rounds], ['frozen', 2]);
  assert.match(stderr, /^nodeploy: prod-aws is frozen since .*; waiting for it to open, until .* UTC at the latest, looking at least once a minute\nnodeploy: waited until .* UTC\n$/);
});

test('Ctrl-C while it waits', {skip: process.platform === 'win32' && 'there are no signals'}, async t => {
  const {run} = await kosli(t, endsIn(600));
  const {code, stdout, stderr} = await run(['assert', '--wait', '30m'], {during: child => {
    child.stderr.once('data', () => child.kill('SIGINT'));
  }});
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^nodeploy: .*; waiting for it to open at .*\nnodeploy: stopped before prod-aws opened\nnothing was decided; look again: nodeploy -e prod-aws assert --wait 30m\nnodeploy: could not decide \(exit 2\)\n$/);
});
