import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import {readPolicy} from '../index.js';
import {openPolicy} from '../policy/file.js';
import {parseJson} from '../policy/json.js';
import {nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

/** A folder with these files; a function that gives the path of one in it. */
function folder(t, files = {}) {
  const path = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return name => join(path, name);
}

const YAML = `# yaml-language-server: $schema=./node_modules/nodeploy/nodeploy.schema.json
windows:
  - name: weekend
    effect: freeze
    environments: &production ["prod-*", "!prod-canary"]
    timezone: Europe/Berlin
    reason: >-
      nobody is there
      to mend it
    days: [fri]
    from: 16:00
    to: 24:00
  - name: turn of the year
    effect: freeze
    environments: *production
    timezone: UTC
    from: 2026-12-24
    to: 2027-01-02
    suspended: false
  - {name: holidays, effect: freeze, environments: ["*"], timezone: UTC, calendar: holidays.ics}
`;
const CALENDAR = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';
const POLICY = {
  windows: [
    {name: 'weekend', effect: 'freeze', environments: ['prod-*', '!prod-canary'], timezone: 'Europe/Berlin', reason: 'nobody is there to mend it', days: ['fri'], from: '16:00', to: '24:00'},
    {name: 'turn of the year', effect: 'freeze', environments: ['prod-*', '!prod-canary'], timezone: 'UTC', from: '2026-12-24', to: '2027-01-02', suspended: false},
    {name: 'holidays', effect: 'freeze', environments: ['*'], timezone: 'UTC', calendar: 'holidays.ics'},
  ],
};
const IN_CALL = {...POLICY, calendars: {'holidays.ics': CALENDAR}};

test('YAML and JSON say the same, calendars come with it', async t => {
  const path = folder(t, {'nodeploy.yaml': YAML, 'crlf.yml': YAML.replaceAll('\n', '\r\n'), 'bom.yaml': `\uFEFF${YAML}`, 'nodeploy.json': JSON.stringify(POLICY), 'json.yaml': JSON.stringify(POLICY), 'bom.JSON': `\uFEFF${JSON.stringify(POLICY)}`, 'holidays.ics': CALENDAR});
  for (const name of ['nodeploy.yaml', 'crlf.yml', 'bom.yaml', 'nodeploy.json', 'json.yaml', 'bom.JSON']) assert.deepEqual(await readPolicy(path(name)), IN_CALL, name);
});

test('what is no business of the reader is left to the core', async t => {
  const path = folder(t, {'nodeploy.yaml': '$schema: x\nwindow: {}\nwindows: {calendar: x}\n', 'other.yaml': 'windows: [1, null, {calendar: 7}, {__proto__: {a: 1}}]'});
  assert.deepEqual(await readPolicy(path('nodeploy.yaml')), {$schema: 'x', window: {}, windows: {calendar: 'x'}});
  assert.equal(JSON.stringify(await readPolicy(path('other.yaml'))), '{"windows":[1,null,{"calendar":7},{"__proto__":{"a":1}}]}');
});

/** What `readPolicy` says of a file with that text: its message from the file's name on, and its advice. */
async function complaint(t, name, content, files) {
  const path = folder(t, {...files, [name]: content});
  const error = await readPolicy(path(name)).then(policy => assert.fail(`read as ${JSON.stringify(policy)}`), each => each);
  assert.equal(error.reason, 'bad_policy', error.stack);
  assert.ok(error.message.startsWith(path(name)), error.message);
  return [error.message.slice(path('').length + 1).replaceAll(path(''), '.'), error.advice];
}

const QUOTES = 'a text like this goes into quotes: ';

for (const [content, message, advice] of [
  ['windows:\n  - environments: [*]', '2:20: `*` would repeat what an anchor marks', `${QUOTES}"*"`],
  ['windows:\n  - environments: [*-prod, x]', '2:20: `*-prod` repeats what `&-prod` marks, and nothing is marked so', `${QUOTES}"*-prod"`],
  ['windows:\n  - environments:\n      - !staging', '3:9: `!staging` is a tag to YAML, and a policy has none', `${QUOTES}"!staging"`],
  ['windows:\n  - environments: [! prod-canary, prod-*]', '2:20: `!` is a tag to YAML, and a policy has none', `${QUOTES}"!prod-canary"`],
  ['windows:\n  - environments: ! [prod-*]', '2:19: `!` is a tag to YAML, and a policy has none', `${QUOTES}"!"`],
  ['windows:\n  - reason: !!str x', '2:13: `!!str` is a tag to YAML, and a policy has none', `${QUOTES}"!!str"`],
  ['windows: !!set {a}', '1:10: `!!set` is a tag to YAML, and a policy has none'],
  ['windows: []\nwindows: []', '2:1: `windows` stands twice', null],
  ['windows: [{name: a, "name": b}]', '1:21: `name` stands twice', null],
  ['windows:\n  - reason: demo: the post', '2:13: a second `: ` stands in one line', `${QUOTES}"Demo: the blog post"`],
  ['windows: # none\r  - name: a', '1:16: to some programs a line ends here, to others it goes on: a carriage return alone', /take that out/],
  ['windows: # none\u2028  - name: a', '1:16: to some programs a line ends here, to others it goes on: U+2028', /take that out/],
  ['windows:\n\t- name: a', '2:1: a tab stands where only spaces may indent', null],
  ['windows:\n  - name: a\n    effect: freeze\n   from: x', /^4:1: /, null],
  ['windows: [', /^1:11: /, null],
  ['windows: "', /^1:\d+: /, null],
  ['windows: [] # \nreason: "he said \\"stop\\"', '2:9: this text has no `"` at its end', null],
  ['a: &a "xxxxxxxx"\nb: [' + '*a, '.repeat(1001) + ']', '1:1: its aliases repeat too much'],
  [`a: &a "${'x'.repeat(50_000)}"\nb: [${'*a, '.repeat(90)}]`, '1:1: its aliases repeat too much'],
  ['[' + '{},'.repeat(200_000) + ']', /^1:\d+: it has too many parts$/, 'is it a policy?'],
  ['windows: [@x]', /^1:11: plain value cannot start with reserved character @$/, `${QUOTES}"@x"`],
  ['windows: []\n---\nwindows: []', '2:1: a second document begins here', 'a policy is one document: take out the `---`'],
  ['windows:\n  - name: a\n    types:\n    effect: allow', '3:5: `types` is blank', 'give it a value, or take the key out'],
  ['windows: [.inf]', '1:11: `.inf` is not a number that JSON has', null],
  ['windows: &a [[*a]]', '1:15: `*a` stands inside of what it repeats', null],
  ['a: &a [x,x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]', '1:1: its aliases repeat too much', 'write out what they stand for'],
  ['['.repeat(500_000), /^1:\d+: it is nested too deeply$/, null],
  ['- '.repeat(300_000), /^1:\d+: it is nested too deeply$/, null],
  ['{a: '.repeat(200_000), /^1:\d+: it is nested too deeply$/, null],
  ['', /^ it is empty$/, /`windows: \[\]`/],
  ['# nothing yet\n', /^ it is empty$/, /`windows: \[\]`/],
  ['- name: a', '1:1: it holds a list, not an object', /the list `windows`/],
  ['# x\nweekend', '2:1: it holds a single value, not an object', /the list `windows`/],
  [Buffer.from([0x61, 0xFF]), /^ it is not UTF-8 text: by line 1 \(0xFF\) it looks like Latin-1 or Windows-1252$/],
  ['#'.repeat(1024 * 1024 + 1), /^ it is larger than 1 MiB$/],
]) {
  test(`YAML: ${JSON.stringify(String(content).slice(0, 60))}`, async t => {
    const [said, advised] = await complaint(t, 'nodeploy.yaml', content);
    check(said, 'nodeploy.yaml:', message);
    if (advice !== undefined) check(advised, '', advice);
  });
}

for (const [content, message] of [
  ['{"windows": [], "windows": []}', '1:17: `windows` stands twice'],
  ['{"windows": [{"name": "a", "na\\u006de": "b"}]}', '1:28: `name` stands twice'],
  ['{\n  "windows": [],\n}', '3:1: `}` stands where a key in double quotes should come'],
  ['{"windows": [1 2]}', '1:16: `2` stands where a comma or `]` should come'],
  ['{"windows" []}', '1:12: `[` stands where a colon should come'],
  ['{"windows": []', '1:15: it ends where a comma or `}` should come'],
  ['{"windows": []}\n🙂', '2:1: `🙂` stands where its end should come'],
  ['// x\n{}', '1:1: `/` stands where a value should come'],
  ['{"windows": [01]}', '1:14: `0` stands where a value should come'],
  ['{"a": "b\n"}', /^1:7: this text does not end on its line/],
  ['{"a": "\\x"}', /^1:7: this text .* has a `\\`/],
  ['['.repeat(500_000), /^1:\d+: it is nested too deeply$/],
  [' \n', /^ it is empty$/],
  ['[]', '1:1: it holds a list, not an object'],
  ['null', /^ it is empty$/],
]) {
  test(`JSON: ${JSON.stringify(content.slice(0, 60))}`, async t => {
    const [said] = await complaint(t, 'nodeploy.json', content);
    check(said, 'nodeploy.json:', message);
  });
}

function check(said, prefix, expected) {
  if (expected instanceof RegExp) return assert.match(said.slice(prefix.length), expected);
  assert.equal(said, expected === null ? null : prefix + expected);
}

test('what an alias repeats is read each time', async t => {
  const path = folder(t, {'nodeploy.yaml': 'a: &x [1, {b: c}]\nd: *x\ne: &x text\nf: [*x, *x]\n__proto__: {g: null}\n'});
  assert.equal(JSON.stringify(await readPolicy(path('nodeploy.yaml'))), '{"a":[1,{"b":"c"}],"d":[1,{"b":"c"}],"e":"text","f":["text","text"],"__proto__":{"g":null}}');
});

test('JSON is read as JSON.parse reads it, or not at all', () => {
  const words = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '"\\u00e9"', '"\\', '1', '-0', '1.5e3', '01', '.5', 'true', 'null', 'nul', ' ', '\n', '\t', '\u00A0', '\u0000', "'");
  const texts = fc.oneof(fc.array(words, {maxLength: 12}).map(list => list.join('')), fc.json(), fc.json().map(text => JSON.stringify(JSON.parse(text), null, 2)));
  const failure = new Error('no JSON');
  const read = reader => {
    try {
      return {value: reader()};
    } catch (error) {
      return {error};
    }
  };
  let accepted = 0;
  fc.assert(fc.property(texts, text => {
    fc.pre(text.trim() !== '');
    const [ours, theirs] = [() => parseJson(text, () => { throw failure; }).document, () => JSON.parse(text)].map(read);
    if (ours.error) return assert.ok(ours.error === failure && (theirs.error || /"(a|b|\\u00e9)"/.test(text) || JSON.stringify(theirs.value).length < text.length), text);
    accepted++;
    assert.deepEqual(ours, theirs);
  }), {numRuns: 2000});
  assert.ok(accepted > 500, `${accepted} texts were JSON`);
});

test('a file that is not there, a folder, a dangling link, a file that nobody may read', async t => {
  const path = folder(t, {'file.yaml': 'windows: []'});
  mkdirSync(path('folder.yaml'));
  for (const [name, words] of [['no.yaml', 'there is no such file'], ['folder.yaml', 'it is a folder, not a file'], ['file.yaml/x.json', 'there is no such file']]) {
    const error = await readPolicy(path(name)).catch(each => each);
    assert.deepEqual([error.message, error.reason], [`${path(name)}: ${words}`, 'bad_policy']);
  }
});

const NAMES_CALENDAR = 'windows:\n  - name: a\n    calendar: ';

for (const [calendar, words, advice] of [
  ['holidays.ics', 'the calendar `holidays.ics` cannot be read: ./holidays.ics: there is no such file', /relative to the policy's folder/],
  ['.', 'the calendar `.` cannot be read: .: it is a folder, not a file'],
  ['large.ics', 'the calendar `large.ics` cannot be read: ./large.ics: it is larger than 1 MiB', /export only what is still to come/],
  ['latin.ics', 'the calendar `latin.ics` cannot be read: ./latin.ics: it is not UTF-8 text: by line 1 (0xE9) it looks like Latin-1 or Windows-1252'],
  ['https://calendar.example/holidays.ics', 'the calendar `https://calendar.example/holidays.ics` is a URL, and a gate must not wait for one', /a file beside the policy/],
  ['webcal://calendar.example', 'the calendar `webcal://calendar.example` is a URL, and a gate must not wait for one'],
  ['""', 'the calendar `` is not a file name'],
]) {
  test(`calendar: ${calendar}`, async t => {
    const files = {'large.ics': `BEGIN:VCALENDAR\r\n${' '.repeat(1024 * 1024)}`, 'latin.ics': Buffer.from([0x42, 0xE9])};
    const [said, advised] = await complaint(t, 'nodeploy.yaml', NAMES_CALENDAR + calendar, files);
    assert.equal(said, `nodeploy.yaml:3:5: ${words}`);
    if (advice) assert.match(advised, advice);
  });
}

test("a calendar's name is relative to the policy, wherever nodeploy runs", async t => {
  const path = folder(t);
  mkdirSync(path('ops/calendars'), {recursive: true});
  writeFileSync(path('ops/nodeploy.json'), '{"windows": [{"calendar": "calendars/shared.ics"}, {"calendar": "./calendars/shared.ics"}]}');
  writeFileSync(path('ops/calendars/shared.ics'), CALENDAR);
  const {calendars} = await readPolicy(path('ops/nodeploy.json'));
  assert.deepEqual(calendars, {'calendars/shared.ics': CALENDAR, './calendars/shared.ics': CALENDAR});
});

test('a calendar that many windows name is in the call once, one of a suspended window not at all', async t => {
  const window = (name, more) => ({name, effect: 'freeze', environments: ['*'], timezone: 'UTC', ...more});
  const named = Array.from({length: 150}, (_, at) => window(`${at}`, {calendar: 'holidays.ics'}));
  const windows = [...named, window('gone', {calendar: 'gone.ics', suspended: true})];
  const path = folder(t, {'nodeploy.json': JSON.stringify({windows}), 'holidays.ics': CALENDAR, 'own.json': '{"windows": [], "calendars": {}}'});
  assert.deepEqual(await readPolicy(path('nodeploy.json')), {windows, calendars: {'holidays.ics': CALENDAR}});
  await assert.rejects(readPolicy(path('own.json')), /there is no key `calendars`/);
});

test('a place of the policy, as the core tells it, is a place in the file', async t => {
  const path = folder(t, {'nodeploy.yaml': YAML, 'nodeploy.json': JSON.stringify(POLICY, null, 2), 'holidays.ics': CALENDAR});
  const yaml = await openPolicy(path('nodeploy.yaml'));
  const json = await openPolicy(path('nodeploy.json'));
  for (const [place, inYaml, inJson] of [
    [['windows', 0, 'timezone'], '6:5', '10:7'],
    [['windows', 1, 'from'], '17:5', '26:7'],
    [['windows', 1], '13:5', '18:5'],
    [['windows', 2, 'nothing'], '20:5', '30:5'],
    [['windows', 7], '2:1', '2:3'],
    [[], '2:1', '1:1'],
  ]) {
    assert.equal(yaml.at(place), `${path('nodeploy.yaml')}:${inYaml}`);
    assert.equal(json.at(place), `${path('nodeploy.json')}:${inJson}`);
  }
});

// The command line: a gate that cannot read its policy never says ok. Nothing is asked of anybody: the port is closed.
const KOSLI = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0', NODEPLOY_ENV: 'prod'};

for (const [about, args, files, words] of [
  ['named and missing', ['assert', '--policy', 'my.yaml'], {}, /^nodeploy: my\.yaml: there is no such file\nname the policy's file: --policy FILE; without freeze windows say so: --policy=\n$/],
  ['found and broken', ['status'], {'nodeploy.yaml': 'windows: [*]'}, /^nodeploy: nodeploy\.yaml:1:11: `\*` would repeat/],
  ['.yml', ['assert'], {'nodeploy.yml': ''}, /^nodeploy: nodeploy\.yml: it is empty\n/],
  ['.json', ['sync'], {'nodeploy.json': '{'}, /^nodeploy: nodeploy\.json:1:2: it ends/],
  ['words of a stranger', ['windows'], {'nodeploy.yaml': '"a\\e[31m": 1\n"a\\e[31m": 2'}, /^nodeploy: nodeploy\.yaml:2:1: `a\\u\{1b\}\[31m` stands twice\n$/],
  ['two of them', ['assert'], {'nodeploy.yaml': 'windows: []', 'nodeploy.json': '{"windows": []}'}, /^nodeploy: there are nodeploy\.yaml and nodeploy\.json, and only one policy can hold\nsay which: --policy nodeploy\.yaml\n$/],
  ['none', ['windows'], {}, /^nodeploy: there is no policy in .+, and so no windows\nwrite nodeploy\.yaml, or name it: --policy FILE; to see what people have frozen: nodeploy -e prod status\n$/],
  ['none, of another Kosli', ['windows', '--host', 'https://kosli.acme.io'], {}, /: nodeploy -e prod status --host https:\/\/kosli\.acme\.io\n$/],
  ['turned off', ['windows', '--policy='], {'nodeploy.yaml': 'windows: []'}, /^nodeploy: there is no policy by --policy=, and so no windows\n/],
  ['with report', ['report', '--policy', 'x'], {}, /^nodeploy: --policy does not go with `report`\n--policy goes with: on, off, assert, status, windows, sync, except, approve, claim\n$/],
]) {
  test(`a policy ${about}`, async t => {
    const cwd = folder(t, files)('');
    const [text, json] = await Promise.all([args, [...args, '--json']].map(each => nodeploy(each, {env: KOSLI, cwd})));
    assert.deepEqual([text.code, text.stdout], [2, '']);
    const [, said] = /^(.*)nodeploy: (?:could not decide|did not finish|nothing was done) \(exit 2\)\n$/s.exec(text.stderr);
    assert.match(said, words);
    assert.equal(json.code, 2);
    assert.equal(JSON.parse(json.stdout).decision, 'error');
  });
}

test('a link in the working folder that leads nowhere is an error, too', {skip: process.platform === 'win32' && 'links need rights there'}, async t => {
  const path = folder(t);
  symlinkSync(path('nowhere.yaml'), path('nodeploy.yaml'));
  const {code, stderr} = await nodeploy(['assert'], {env: KOSLI, cwd: path('')});
  assert.equal(code, 2);
  assert.match(stderr, /^nodeploy: nodeploy\.yaml: there is no such file\n/);
});

test('with --policy= nothing is read, and Kosli is asked', async t => {
  const cwd = folder(t, {'nodeploy.yaml': '['})('');
  const {code, stderr} = await nodeploy(['assert', '--policy='], {env: KOSLI, cwd});
  assert.equal(code, 2);
  assert.match(stderr, /ECONNREFUSED/);
});

for (const [args, words] of [
  [['assert', '--at', '2026-12-24T18:00'], /--at `2026-12-24T18:00` does not say in which zone\nadd it: 2026-12-24T18:00:00Z is UTC, 2026-12-24T18:00:00\+01:00 /],
  [['status', '--at', 'noon'], /--at `noon` is not a valid time\n.*with its zone/],
  [['assert', '--needs', '20'], /--needs `20` is not a valid span of time\n.*20m, 2h.*PT20M/],
  [['assert', '--wait', 'PT'], /--wait `PT` is not a valid span of time/],
  [['assert', '--wait', '5m', '--at', '2026-12-24T18:00:00Z'], /--wait and --at exclude each other/],
  [['assert', '--wait', '5m', '--dry-run'], /--wait and --dry-run exclude each other/],
  [['status', '--wait', '5m'], /--wait does not go with `status`\n--wait goes with: assert/],
  [['windows', '--days', '0'], /--days `0` is not a valid number of days\nit goes from 1 to 3660/],
  [['windows', '--days', '3661'], /--days `3661` is not a valid number of days/],
  [['windows', '--days', '1.5'], /--days `1\.5` is not a valid number of days/],
  [['assert', '--days', '5'], /--days does not go with `assert`/],
  [['status', '--ics'], /--ics does not go with `status`/],
  [['window'], /there is no `window`\ndid you mean windows\?/],
]) {
  test(`nodeploy ${args.join(' ')}`, async () => {
    const {code, stdout, stderr} = await nodeploy(args, {env: KOSLI});
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, words);
  });
}
