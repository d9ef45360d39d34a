// Freeze windows on the command line, end to end: a policy's file, the core, a local Kosli.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {CHRISTMAS, kosli, lines, LINT, masked, OFFICE, policy, utc, WEEKEND} from './windows-kosli.js';

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

test('windows: in UTC, where the zone here has no name, or one that nobody knows', async t => {
  const {run} = policy(t, CHRISTMAS);
  const told = async TZ => (await run(['windows', '--at', '2026-12-10T12:00:00Z'], {env: {TZ}})).stdout;
  const shown = await told('UTC');
  assert.match(shown, / here, UTC\n.* {2}Thu 2026-12-24 17:00 - Sat 2026-12-26 23:00 {2}freeze {2}christmas\n/);
  for (const zone of ['UTC+3', ':/etc/localtime', 'Middle-earth/Shire']) assert.equal(await told(zone), shown, zone);
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
  const inDays = days => utc(Date.now() + days * 86_400_000); // Kosli's clock does not stand
  const {run} = await kosli(t, {...CHRISTMAS, from: inDays(10), to: inDays(12)});
  await run(['-r', 'load test', '--by', 'ann', '--until', '2h', 'on']);
  const {code, stdout, stderr} = await run(['windows', '--ics']);
  assert.deepEqual([code, stderr], [0, '']);
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

test('a policy that the core does not take: exit 2, with the place', async t => {
  const {run, cwd} = await kosli(t);
  writeFileSync(join(cwd, 'bad.yaml'), 'windows:\n  - name: a\n    effect: freeze\n    environments: ["*"]\n    timezone: Europe/Lodnon\n    from: 2026-12-24\n    to: 2026-12-25\n');
  for (const args of [['assert'], ['status'], ['windows'], ['sync'], ['assert', '--dry-run'], ['assert', '--wait', '1h']]) {
    const {code, stdout, stderr} = await run([...args, '--policy', 'bad.yaml']);
    assert.deepEqual([code, stdout.replace('Syncing nodeploy for prod-aws\n', '')], [2, ''], args.join(' '));
    assert.match(stderr, /^nodeploy: bad\.yaml:5:5: the policy cannot be read: windows\[0\] \(`a`\): `timezone` is `Europe\/Lodnon`, which is not an IANA time zone; did you mean `Europe\/London`\?$/m);
  }
  const {reason, summary} = JSON.parse((await run(['assert', '--json', '--policy', 'bad.yaml'])).stdout);
  assert.equal(reason, 'bad_policy');
  assert.match(summary, /^bad\.yaml:5:5: the policy cannot be read: windows\[0\]/);
});

test('the place of what is missing, and of what nobody knows', async t => {
  const {run, cwd} = policy(t);
  for (const [line, wanted] of [
    ['reson: x', /^nodeploy: bad\.yaml:3:5: the policy cannot be read: windows\[0\] \(`a`\): it takes no `reson`/],
    ['reason: x', /^nodeploy: bad\.yaml:2:5: the policy cannot be read: windows\[0\] \(`a`\): it has no `effect`/],
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

test('windows of a name that Kosli does not have, or that nobody can look for', async t => {
  const {run} = await kosli(t, {...WEEKEND, environments: ['prod-*', 'staging']});
  const said = async (environment, env, ...more) => {
    const {code, stderr} = await run(['-e', environment, 'windows', ...more], {env});
    assert.equal(code, 0, stderr);
    return stderr;
  };
  assert.equal(await said('prod-aws'), '');
  assert.equal(await said('prod-asw'), 'nodeploy: Kosli has no environment `prod-asw`; did you mean `prod-aws`? (`kosli list env` shows them all)\n');
  assert.match(await said('TYPO'), /^nodeploy: Kosli has no environment `TYPO` .*\nwarning: no window of the policy is for TYPO: /);
  assert.match(await said('staging'), /^nodeploy: Kosli has no environment `staging` /);
  const unseen = 'nodeploy: nobody has looked whether Kosli has an environment `prod-asw`: ';
  assert.equal(await said('prod-asw', {KOSLI_API_TOKEN: ''}), `${unseen}KOSLI_ORG and KOSLI_API_TOKEN are not both set\n`);
  assert.equal(await said('staging', {KOSLI_API_TOKEN: ''}), '', 'the policy names it');
  assert.ok((await said('prod-asw', {KOSLI_API_TOKEN: 'wrong-token'})).startsWith(`${unseen}could not read Kosli's list of environments: Kosli answered 401`));
  assert.equal(await said('prod-asw', {}, '--json'), '');
});
