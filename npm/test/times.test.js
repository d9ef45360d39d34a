import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {node} from './child.js';
import {neededTime, waitTime} from '../cli/span.js';
import {atTime, pastTime, takenFor, untilTime} from '../cli/times.js';

const NOW = new Date('2024-10-31T10:44:48.900Z');

for (const [text, time] of [
  ['90m', '2024-10-31T12:14:48Z'],
  ['2h', '2024-10-31T12:44:48Z'],
  ['3d', '2024-11-03T10:44:48Z'],
  ['1w', '2024-11-07T10:44:48Z'],
  ['2h30m', '2024-10-31T13:14:48Z'],
  ['1h 30m', '2024-10-31T12:14:48Z'],
  ['1d 2h 3m 4s', '2024-11-01T12:47:52Z'],
  ['5s', '2024-10-31T10:44:53Z'],
  ['P1D', '2024-11-01T10:44:48Z'],
  ['PT1H30M', '2024-10-31T12:14:48Z'],
  ['2024-11-01T09:00:00Z', '2024-11-01T09:00:00Z'],
  ['2024-11-01T09:00:00.5+01:00', '2024-11-01T09:00:00.5+01:00'],
]) {
  test(`--until ${text}`, () => assert.equal(untilTime(text, NOW), time));
}

for (const text of ['', '2', 'h', '2 h', '-2h', '1.5h', '2H', '30m2h', '1h1h', '2h30', '2h ', ' 2h', '2h  30m', '24:00', '18:60', '18', '6pm', 'tomorrow', '2024-11-1', '2024-11-01T9:00', '2024-13-01', '2024-02-30', '2024-13-01T09:00:00Z', '9999999d']) {
  test(`--until ${JSON.stringify(text)} is no time`, () => assert.throws(() => untilTime(text, NOW), /is not a valid time/));
}

test('a span beyond what a clock can tell is no time', () => assert.throws(() => untilTime('999999w', NOW), /is not a valid time/));

const isUtc = existsSync('/etc/localtime') && readFileSync('/etc/localtime', 'latin1').endsWith('\nUTC0\n');

// As everybody else reads it, or not at all.
for (const [zone, time, skip] of [
  ['Europe/Berlin', '2026-11-30T17:00:00Z'], [':America/New_York', '2026-11-30T23:00:00Z'], ['posix/Europe/Berlin', '2026-11-30T17:00:00Z'], ['EST5EDT', '2026-11-30T23:00:00Z'],
  ['Etc/GMT+5', '2026-11-30T23:00:00Z'], ['UTC', '2026-11-30T18:00:00Z'], ['UTC0', '2026-11-30T18:00:00Z'], ['CET', '2026-11-30T17:00:00Z'], ['', '2026-11-30T18:00:00Z'],
  ['EST5EDT,M3.2.0,M11.1.0'], ['CET-1CEST,M3.5.0,M10.5.0/3'], ['GMT0BST,M3.5.0/1,M10.5.0'], ['<+03>-3'], ['<-0330>+3:30'], ['BST'], ['IST'], ['PST'], ['America/NewYork'], [':Europe/Berln'],
  ['America/new_york'], ['us/eastern'], ['America/sao_paulo'], ['Berlin'], ['Paris'], ['Eastern'], ['New_York'], ['est'], ['GB', '2026-11-30T18:00:00Z'], ['Asia/Kolkata', '2026-11-30T12:30:00Z'],
  [':/usr/share/zoneinfo/America/New_York'], ['/no/such/file'], [':/etc/localtime', '2026-11-30T18:00:00Z', !isUtc && 'the zone of this machine is not UTC by a file'],
]) {
  test(`a time here where TZ is ${JSON.stringify(zone)}: ${time ?? 'nobody knows which'}`, {skip}, () => {
    const script = `import {pastTime, untilTime} from './cli/times.js';
      const told = what => { try { return what(); } catch (error) { return error.message; } };
      console.log(JSON.stringify([
        told(() => untilTime('18:00', new Date('2026-11-30T12:00:00Z'))), told(() => untilTime('2026-11-30T18:00')), told(() => pastTime('to', '18:00', new Date('2026-12-01T01:00:00Z'))),
      ]));`;
    const {stdout} = spawnSync(process.execPath, ['--input-type=module', '-e', script], {cwd: new URL('..', import.meta.url), env: {...process.env, TZ: zone}, encoding: 'utf8'});
    const told = JSON.parse(stdout);
    if (time) assert.deepEqual(told, [time, time, time]);
    else for (const words of told) assert.ok(words.includes(`is a time on the clocks here, and TZ, \`${zone}\`, does not say which these are`), words);
  });
}

test('--until of a date without a zone is one on the clocks here', () => {
  const script = `import {takenFor, untilTime} from './cli/times.js';
    const all = ['2026-11-30', '2026-11-30T09:00', '2026-11-30 09:00:05', '2026-03-29T02:30', '2026-10-25T02:30'].map(text => {
      try { return untilTime(text, new Date('2024-10-31T10:44:48Z')); } catch (error) { return error.message; }
    });
    console.log(JSON.stringify([...all, takenFor('until', '2026-11-30', all[0])]));`;
  const {stdout} = spawnSync(process.execPath, ['--input-type=module', '-e', script], {cwd: new URL('..', import.meta.url), env: {...process.env, TZ: 'Europe/Berlin'}, encoding: 'utf8'});
  assert.deepEqual(JSON.parse(stdout), [
    '2026-11-29T23:00:00Z', '2026-11-30T08:00:00Z', '2026-11-30T08:00:05Z', '--until `2026-03-29T02:30`: the clocks here skip that time',
    '--until `2026-10-25T02:30`: the clocks here show that time twice', '--until 2026-11-30 is 2026-11-29 23:00 UTC (2026-11-30 00:00 Europe/Berlin)',
  ]);
});

for (const text of ['2026-12-24T18:00:00Z', '2026-12-24t18:00:00.5-05:00', '2026-12-24 18:00:00+00:00']) {
  test(`--at ${text}`, () => assert.equal(atTime(text, NOW), text));
}

for (const [text, exact] of [['2026-12-24T18:00Z', '2026-12-24T18:00:00Z'], ['2026-12-24 18:00+05:30', '2026-12-24 18:00:00+05:30']]) {
  test(`a time without seconds: ${text}`, () => assert.deepEqual([atTime(text, NOW), untilTime(text, NOW), pastTime('from', text, NOW)], [exact, exact, exact]));
}

for (const [text, advice] of [
  ['2026-12-24T24:30Z', /with its zone/],
  ['2026-12-24T18:00', /2026-12-24T18:00:00Z is UTC, 2026-12-24T18:00:00\+01:00/],
  ['2026-12-24 18:00:30', /2026-12-24T18:00:30Z is UTC/],
  ['2026-12-24', /2026-12-24T00:00:00Z is UTC/],
  ['25:00', /18:00, or with its zone/],
  ['2h', /with its zone/],
  ['', /with its zone/],
]) {
  test(`--at ${JSON.stringify(text)} is refused with advice`, () => assert.throws(() => atTime(text, NOW), error => advice.test(error.advice)));
}

for (const [text, milliseconds, iso] of [
  ['2h30m', 9_000_000, 'PT2H30M'], ['1h 30m', 5_400_000, 'PT1H30M'], ['5s', 5000, 'PT5S'], ['1d12h', 129_600_000, 'P1DT12H'], ['1w2d', 777_600_000, 'P9D'], ['2w 1h', 1_213_200_000, 'P14DT1H'],
  ['20m', 1_200_000, 'PT20M'], ['2h', 7_200_000, 'PT2H'], ['1d', 86_400_000, 'P1D'], ['1w', 604_800_000, 'P1W'], ['0m', 0, 'PT0M'],
  ['PT20M', 1_200_000, 'PT20M'], ['PT1H30M', 5_400_000, 'PT1H30M'], ['P1DT12H', 129_600_000, 'P1DT12H'], ['PT5S', 5000, 'PT5S'], ['P2W', 1_209_600_000, 'P2W'],
]) {
  test(`a span of ${text}`, () => assert.deepEqual([waitTime(text), neededTime(text)], [milliseconds, iso]));
}

for (const text of ['', '20', 'm', '-5m', '+5m', '1.5h', '20M', '20 m', 'P', 'PT', 'P1DT', 'P1H', 'PT1.5H', 'pt1h', 'P1Y', 'P1M', '123456m']) {
  test(`${JSON.stringify(text)} is no span`, () => {
    for (const [read, option] of [[waitTime, 'wait'], [neededTime, 'needs']]) assert.throws(() => read(text), new RegExp(`--${option} .* is not a valid span of time`));
  });
}

const TWICE = 'the clocks here show that time twice, as they go back';

// A child, since a process has one zone. Berlin's clocks went back on 2024-10-27, forward on 2025-03-30.
for (const [now, text, time] of [
  ['2024-10-31T10:44:48Z', '18:00', '2024-10-31T17:00:00Z'],
  ['2024-10-31T16:59:59Z', '18:00', '2024-10-31T17:00:00Z'],
  ['2024-10-31T17:00:00Z', '18:00', '2024-11-01T17:00:00Z'],
  ['2024-12-31T22:30:00Z', '9:05', '2025-01-01T08:05:00Z'],
  ['2024-10-26T17:00:00Z', '18:00', '2024-10-27T17:00:00Z'],
  ['2025-03-29T12:00:00Z', '02:30', 'the clocks here skip that time'],
  ['2025-03-30T00:59:59Z', '02:00', 'the clocks here skip that time'],
  ['2025-03-30T12:00:00Z', '02:30', '2025-03-31T00:30:00Z'],
  ['2026-10-24T20:00:00Z', '02:30', TWICE],
  ['2026-10-25T00:45:00Z', '02:30', TWICE], // the first has passed: the second, in 45 minutes, or tomorrow's?
  ['2026-10-25T01:45:00Z', '02:30', '2026-10-26T01:30:00Z'],
  ['2026-10-24T20:00:00Z', '01:59', '2026-10-24T23:59:00Z'],
  ['2026-10-24T20:00:00Z', '02:00', TWICE],
  ['2026-10-24T20:00:00Z', '03:00', '2026-10-25T02:00:00Z'],
]) {
  test(`${text} in Berlin, at ${now}`, async () => {
    const module = `import {untilTime, atTime} from ${JSON.stringify(new URL('../cli/times.js', import.meta.url).href)};
      const [now, text] = process.argv.slice(1);
      for (const read of [untilTime, atTime]) { try { console.log(read(text, new Date(now))); } catch ({message}) { console.log(message); } }`;
    const {stdout} = await node(['--input-type=module', '--eval', module, '--', now, text], {env: {TZ: 'Europe/Berlin'}});
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 2);
    for (const line of lines) assert.ok(line.endsWith(time), line);
  });
}

test('of a time that comes twice both are told', async () => {
  const module = `import {untilTime} from ${JSON.stringify(new URL('../cli/times.js', import.meta.url).href)};
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe']) { process.env.TZ = zone; try { untilTime(process.argv[1], new Date(process.argv[2])); } catch ({advice}) { console.log(advice); } }`;
  const told = async (...args) => (await node(['--input-type=module', '--eval', module, '--', ...args], {env: {}})).stdout;
  assert.equal(await told('02:30', '2026-10-24T20:00:00Z'), 'say which: 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z\n');
  assert.equal(await told('01:45', '2026-04-04T12:00:00Z'), 'say which: 2026-04-04T14:45:00Z or 2026-04-04T15:15:00Z\n');
});

test('what 18:00 was taken for is told, of other times there is nothing to tell', () => {
  assert.match(takenFor('until', '18:00', '2024-10-31T17:00:00Z'), /^--until 18:00 is 2024-10-31 17:00 UTC/);
  assert.equal(takenFor('until', '2h', '2024-10-31T17:00:00Z'), undefined);
});

test('--from and --to look back: a span ago, the last 18:00, a date here as it begins or with all of it', async () => {
  const cases = [
    ['UTC', '2026-11-29T10:00:00Z', '90d', '2026-08-31T10:00:00Z'],
    ['UTC', '2026-11-29T10:00:00Z', 'PT90M', '2026-11-29T08:30:00Z'],
    ['UTC', '2026-11-29T10:00:00Z', '18:00', '2026-11-28T18:00:00Z'],
    ['UTC', '2026-11-29T18:00:00Z', '18:00', '2026-11-29T18:00:00Z'],
    ['Europe/Berlin', '2026-11-29T10:00:00Z', '2026-07-01', '2026-06-30T22:00:00Z'],
    ['Europe/Berlin', '2026-11-29T10:00:00Z', '2026-09-30T24:00', '2026-09-30T22:00:00Z'],
    ['Europe/Berlin', '2026-11-29T10:00:00Z', '2026-12-31T24:00', '2026-12-31T23:00:00Z'],
    ['Europe/Berlin', '2026-11-29T10:00:00Z', '2026-10-25T02:30', '--from `2026-10-25T02:30`: the clocks here show that time twice'],
    ['Europe/Berlin', '2026-10-25T00:45:00Z', '02:30', '2026-10-25T00:30:00Z'], // the second is still to come
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '02:30', '--from `02:30`: the clocks here show that time twice, as they go back'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '02:30', '2026-03-28T01:30:00Z'], // this morning it was skipped
    ['America/Santiago', '2026-11-29T10:00:00Z', '2026-09-06', '2026-09-06T04:00:00Z'], // a day that begins at 01:00
    ['UTC', '2026-11-29T10:00:00Z', '2026-07-01T09:00:00+02:00', '2026-07-01T09:00:00+02:00'],
    ...['', '90', '-90d', '2026-02-30', '2026-09-30T24:01', 'yesterday'].map(text => ['UTC', '2026-11-29T10:00:00Z', text, `--from \`${text}\` is not a valid time`]),
  ];
  const module = `import {pastTime} from ${JSON.stringify(new URL('../cli/times.js', import.meta.url).href)};
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([zone, now, text]) => { process.env.TZ = zone; try { return pastTime('from', text, new Date(now)); } catch ({message}) { return message; } })));`;
  const {stdout} = await node(['--input-type=module', '--eval', module, '--', JSON.stringify(cases)], {env: {}});
  assert.deepEqual(JSON.parse(stdout), cases.map(([, , , time]) => time));
  assert.match(takenFor('to', '2026-09-30', '2026-09-30T00:00:00Z'), /, as that day begins; with that day: --to 2026-09-30T24:00$/);
});
