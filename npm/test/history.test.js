// A report as people and programs get it: lines, Markdown, CSV. What the core tells is in past.js.
import assert from 'node:assert/strict';
import test from 'node:test';
import {csvHead, csvRows} from '../cli/history-csv.js';
import {showReport} from '../cli/history.js';
import {csvRecord, disarmed} from '../text/csv.js';
import {needsLook} from '../cli/history-tables.js';
import {deployment, document, exception, freeze, part, passed, prodAws, prodEu, refused, staging, unread} from './past.js';
import {TEXTS} from './words.js';

const plainly = {red: text => text, green: text => text};
const marked = {red: text => `!${text}`, green: text => text};

function shown(report, {values = {}, width, paint = plainly} = {}) {
  const lines = [];
  const warned = [];
  showReport({report}, {values, width, paint, print: text => lines.push(text), warn: text => warned.push(text)});
  return {lines: lines.join('\n').split('\n'), warned};
}

test('the sentence that answers comes first, what is missing first and last', () => {
  assert.deepEqual(shown(document(prodEu, staging, prodAws, unread)).lines, [
    'incomplete, qa could not be read: 2 freezes and 1 window closed 2 of 3 environments for 3 d 2 h; 1 refused, 1 let through; 1 deployment meanwhile is unexplained, 1 uncertain; what was deployed in prod-eu is not fully known',
    '2026-08-31 00:00 to 2026-11-29 00:00 UTC, acme',
    '',
    'closed',
    'environment  by              since             held      refused  passed  deployed       ended             why',
    'prod-aws     steve           2026-10-31 10:44  2 h       1        1       1 unexplained  12:44             database migration',
    'prod-eu      window weekend  2026-11-20 16:00  2 d 16 h                                  2026-11-23 08:03  nobody is there (expired)',
    'prod-eu      ann             2026-11-28 10:00  8 h                                       overdue           audit (extended 2 times, until 2026-11-28 18:00, by hand)',
    '',
    'deployed meanwhile, and not let through',
    'environment  what         when              by   while  commit   artifact                 because',
    'prod-aws     unexplained  2026-10-31 11:31  jon  steve  85cac88  registry/runner:85cac88',
    'prod-aws     uncertain    2026-10-31 10:46  ann  steve  85cac88  registry/runner:85cac88  reported within 10 minutes of an edge',
    '',
    'exceptions',
    'environment  by    approved by  state  used    for                                    from              until             why',
    'prod-aws     maya  noah         used   1 of 1  commit=4f1c2ab and kind=hotfix or fix  2026-10-31 11:00  2026-10-31 13:00  CVE-2026-1234',
    '',
    'closed    3 d 2 h: 10 h by people, 2 d 16 h by windows',
    'longest   2 d 16 h, prod-eu by window weekend since 2026-11-20 16:00',
    'open      1 overdue: nodeploy sync ends it on record',
    'refused   1, as far as gates have put it on record (assert --record)',
    'passed    1 let through, of 1 exception',
    'deployed  1 unexplained, 1 let through, 1 uncertain',
    'unknown   what ran in prod-eu after 2026-11-28 12:00: nothing was reported since',
    '',
    'qa could not be read: the list of records cannot be read: Kosli answered 500',
  ]);
});

test('what is to be said of many alike is one line, and names the first', () => {
  const names = Array.from({length: 12}, (_, index) => `e-${10 + index}`);
  const first = 'e-10, e-11, e-12, e-13, e-14, e-15, e-16, e-17, e-18, e-19, and 2 more';
  const lines = parts => shown(document(...parts)).lines.filter(line => /^unknown|could not be read(: | to the end: )(?!nothing)/.test(line) && !line.startsWith('incomplete'));
  const silent = (days) => names.map((name, index) => part(name, {totals: {unknown_after: `2026-11-${days(index)}T12:00:00Z`}}));
  assert.deepEqual(lines(silent(() => '28')), [`unknown   what ran in ${first} after 2026-11-28 12:00: nothing was reported since`]);
  assert.deepEqual(lines(silent(index => index % 2 ? '28' : '27')), [
    'unknown   what ran in e-10, e-12, e-14, e-16, e-18, e-20 after 2026-11-27 12:00: nothing was reported since', 'unknown   what ran in e-11, e-13, e-15, e-17, e-19, e-21 after 2026-11-28 12:00: nothing was reported since',
  ]);
  assert.deepEqual(lines(silent(index => 10 + index)), [`unknown   what ran in ${first} after 2026-11-10 12:00 to 2026-11-21 12:00: nothing was reported since`]);
  const failed = names.map((name, index) => ({...unread, environment: name, error: {reason: 'x', summary: `could not read the environment \`${name}\`: ${index === 5 ? 'no answer' : 'Kosli answered 500'}`, advice: null}}));
  assert.deepEqual(lines(failed), [
    '11 environments (e-10, e-11, e-12, e-13, e-14, e-16, e-17, e-18, e-19, e-20, and 1 more) could not be read: could not read the environment: Kosli answered 500',
    'e-15 could not be read: could not read the environment `e-15`: no answer',
  ]);
});

test('why stays in sight on a narrow terminal', () => {
  for (const [width, wanted] of [
    [60, ['prod-aws     steve           1 unexplained  database migrat…', 'prod-aws     maya  used   commit=4f1c2ab and …  CVE-2026-12…']],
    [80, [
      'prod-aws     steve           2026-10-31 10:44  1 unexplained  database migration',
      'prod-aws     uncertain    2026-10-31 10:46  ann  registry/run…  reported within…',
      'prod-aws     maya  noah         used   1 of 1  commit=4f1c2ab an…  CVE-2026-1234',
    ]],
  ]) {
    const {lines} = shown(document(prodEu, staging, prodAws, unread), {width});
    for (const line of wanted) assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
  }
});

const SENTENCES = [
  ['nothing was closed in staging', [staging]],
  ['nothing was closed in 2 environments', [staging, part('dev')]],
  ['incomplete, qa could not be read', [unread]],
  ['incomplete, 1 entry could not be read: nothing was closed in dev', [part('dev', {unreadable: [{what: 'trail', name: 'x', detail: 'odd'}], totals: {unreadable: 1}})]],
  ['1 freeze closed dev for 2 h; nothing was deployed meanwhile', [part('dev', {freezes: [freeze()], totals: {freezes: 1, seconds: 7200}})]],
  ['1 window closed dev for 2 h; every deployment meanwhile was let through', [part('dev', {totals: {freezes: 1, windows: 1, seconds: 7200, deployments: {unexplained: 0, excepted: 2, uncertain: 0, before: 1}}})]],
  ['2 freezes closed all 2 environments for 4 h; 2 deployments meanwhile are uncertain', ['dev', 'qa'].map(name => part(name, {totals: {freezes: 1, seconds: 7200, deployments: {unexplained: 0, excepted: 2, uncertain: 1, before: 1}}}))],
  ['1 freeze closed dev for 2 h', [part('dev', {totals: {freezes: 1, seconds: 7200, deployments: null}})]],
  // One run that two freezes have refused, and another one that one of them let through.
  ['2 freezes closed dev for 2 h; 1 refused, 1 let through; nothing was deployed meanwhile', [part('dev', {freezes: [freeze({refused: [refused]}), freeze({id: 'x', refused: [refused], passed: [passed]})], totals: {freezes: 2, seconds: 7200, refused: 2, passed: 1}})]],
  ['1 freeze closed dev for 2 h; what was deployed in dev is not fully known', [part('dev', {totals: {freezes: 1, seconds: 7200, unknown_after: '2026-11-01T00:00:00Z'}})]],
  ['1 freeze closed dev for 2 h; every known deployment meanwhile was let through; what was deployed in dev is not fully known', [part('dev', {totals: {freezes: 1, seconds: 7200, unknown_after: '2026-11-01T00:00:00Z', deployments: {unexplained: 0, excepted: 1, uncertain: 0, before: 0}}})]],
  ['1 freeze closed dev for 2 h; what was deployed in dev is not fully known', [part('dev', {warnings: [{code: 'environment_gone', text: 'x'}], totals: {freezes: 1, seconds: 7200, deployments: null}})]],
  ['nothing on record closed 2 environments; a tag that is not on record closes dev', [staging, part('dev', {warnings: [{code: 'half_begun', text: 'x'}]})]],
  ['1 freeze closed dev for 2 h; nothing was deployed meanwhile; a tag that is not on record closes dev', [part('dev', {freezes: [freeze()], warnings: [{code: 'no_id', text: 'x'}, {code: 'no_id', text: 'y'}], totals: {freezes: 1, seconds: 7200}})]],
  ['incomplete, qa could not be read, dev could not be read to the end: nothing was closed in staging', [unread, staging, part('dev', {freezes: [freeze()], totals: null, error: unread.error})]],
  ['1 freeze closed dev for 2 h; 1 exception used more often than allowed; 2 deployments meanwhile are unexplained', [part('dev', {totals: {freezes: 1, seconds: 7200, overused: 1, deployments: {unexplained: 2, excepted: 0, uncertain: 0, before: 0}}})]],
];

test('the sentence', () => {
  for (const [sentence, parts] of SENTENCES) assert.equal(shown(document(...parts)).lines[0], sentence);
});

test('what nobody can tell is not explained: it needs a look, and with --exit-code it is exit 1', () => {
  const counts = (more = {}) => ({unexplained: 0, excepted: 3, uncertain: 0, before: 2, ...more});
  for (const [isNeeded, more] of [
    [false, {}], [false, {deployments: null}], [false, {deployments: counts()}], [true, {deployments: counts({unexplained: 1})}], [true, {deployments: counts({uncertain: 1})}],
    [true, {unknown_after: '2026-11-01T00:00:00Z'}], [true, {overused: 1}], [true, {unreadable: 1}],
  ]) assert.equal(needsLook(document(staging, part('dev', {totals: {freezes: 1, ...more}}))), isNeeded, JSON.stringify(more));
  for (const [isNeeded, code] of [[true, 'half_begun'], [true, 'no_id'], [false, 'wrong_clock']]) assert.equal(needsLook(document(part('dev', {warnings: [{code, text: 'x'}]}))), isNeeded, code);
});

test('of one environment there is no column for its name, and colours are for what needs a look', () => {
  const {lines} = shown(document(prodAws), {paint: marked});
  assert.deepEqual(lines.filter(line => line.startsWith('!')).map(line => line.slice(0, 30)), ['!1 freeze closed prod-aws for ', '!steve  2026-10-31 10:44  2 h ', '!unexplained  2026-10-31 11:31']);
  assert.deepEqual(shown(document(staging), {paint: marked}).lines.filter(line => line.startsWith('!')), []);
  const over = shown(document(part('dev', {exceptions: [exception({notes: ['overused']})], totals: {exceptions: 1, overused: 1}})), {paint: marked});
  assert.ok(over.lines.some(line => /^!maya {2}noah {9}used, overused/.test(line)), over.lines.join('\n'));
});

// Everything that anybody may have said.
const said = text => part(text, {
  freezes: [freeze({id: text, by: text, reason: text, reported_by: text, window: null, notes: [text], ended: {at: '2026-10-31T12:44:48Z', by: `${text}x`, reported_by: text, reason: text, how: 'lifted'},
    said: [{at: '2026-10-31T11:00:00Z', by: text, reported_by: text, reason: text, until: null, what: 'restated'}], refused: [{at: '2026-10-31T11:00:00Z', run: text, change: {kind: text}, reason: text, reported_by: text}],
    passed: [{at: '2026-10-31T11:00:00Z', run: text, change: {kind: text}, exception: text, reported_by: text}], url: `https://${text}`}), freeze({window: {policy: text, name: text}})],
  exceptions: [exception({id: text, by: text, reported_by: text, reason: text, change: {kind: [text, text]}, freezes: [text], windows: [{policy: text, name: text}], approvals: [{at: 'x', by: text, reported_by: text, reason: text, counts: true}]})],
  deployments: [deployment({artifact: text, flow: text, trail: text, commit: text, author: text, why: text, freezes: [text], exception: text, run: text})],
  unreadable: [{what: 'trail', name: text, detail: text}],
  warnings: [], error: {reason: 'unreadable_trails', summary: text, advice: text}, totals: {freezes: 2, seconds: 7200, unreadable: 1, longest: {id: text, seconds: 1}, unknown_after: '2026-11-28T12:00:00Z'},
});

const DELICATE = /[\p{Cc}\p{Cs}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/u;
const OBEYED = /^\s*::|##[a-z]*\[/i;

test('words of strangers stay words, in lines no longer than a terminal is wide', () => {
  const plain = shown(document(said('steve'))).lines.length;
  for (const [what, text] of Object.entries(TEXTS)) {
    const report = document(said(text), said(`${text}y`));
    for (const line of shown(report).lines) {
      assert.doesNotMatch(line, DELICATE, what);
      assert.doesNotMatch(line, OBEYED, what);
    }
    assert.equal(shown(document(said(text))).lines.length, plain, what);
    for (const width of [40, 80]) {
      const {lines} = shown(report, {width});
      for (const line of lines.slice(lines.indexOf('closed'), lines.indexOf('', lines.indexOf('exceptions')))) assert.ok([...line].length <= width, `${what}: ${line}`);
    }
    const markdown = shown(report, {values: {md: true}}).lines;
    for (const line of markdown.filter(line => !/^\|( --- \|)+$/.test(line))) {
      const markup = line.replace(/&#\d+;/g, '').replace(/^### ./u, '').replace(/^\*\*([\w ,]*)\*\*$/, '$1').replaceAll(' | ', ' ').replace(/^\| | \|$/g, '');
      assert.doesNotMatch(markup, /(?<![\p{L}\p{N}])[-,](?! )|[^\p{L}\p{M}\p{N} ,:.\uFE0F-]|:(?!\d)|\.(?!\d)/u, `${what}: ${line}`);
    }
  }
});

test('Markdown has all of it', () => {
  const {lines} = shown(document(prodEu, staging, prodAws, unread), {values: {md: true}});
  assert.match(lines[0], /^### \u26A0\uFE0F incomplete, qa could not be read/);
  assert.equal(lines[2], '2026-08-31 00:00 to 2026-11-29 00:00 UTC, acme');
  assert.deepEqual(lines.filter(line => line.startsWith('**')), ['**closed**', '**deployed meanwhile, and not let through**', '**exceptions**', '**totals**']);
  assert.match(lines.at(-1), /^qa could not be read/);
  assert.equal(lines.filter(line => line.startsWith('| prod-')).length, 6);
  assert.match(shown(document(staging), {values: {md: true}}).lines[0], /^### \u2705 nothing was closed in staging$/);
  assert.match(shown(document(prodAws), {values: {md: true}}).lines[0], /^### \u26D4 /);
});

// RFC 4180, as a strict program reads it.
function read(csv) {
  const records = [[]];
  let at = 0;
  for (const [whole, field, end] of csv.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy)) {
    records.at(-1).push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== ',') records.push([]);
    at += whole.length;
  }
  assert.equal(at, csv.length);
  return records.slice(0, -1);
}

test('CSV: a row for each fact, and of each environment how it was read', () => {
  const [heads, ...rows] = read([csvHead(), ...[prodAws, prodEu, unread].map(csvRows)].join(''));
  const at = name => heads.indexOf(name);
  assert.deepEqual(rows.map(row => ['kind', 'environment', 'state', 'held_seconds'].map(name => row[at(name)]).join(' ').trim()), [
    'environment prod-aws read 7200', 'freeze prod-aws lifted 7200', 'refused prod-aws frozen', 'passed prod-aws', 'exception prod-aws used', 'deployment prod-aws unexplained',
    'deployment prod-aws excepted', 'deployment prod-aws uncertain', 'environment prod-eu read 259200', 'unknown prod-eu', 'freeze prod-eu expired 230400', 'freeze prod-eu overdue 28800',
    'said prod-eu extended', 'said prod-eu extended', 'environment qa failed',
  ]);
  assert.deepEqual(rows[6].filter(Boolean), [
    'deployment', 'prod-aws', 'excepted', 'jon', '2026-10-31T11:31:10Z', '2026-10-31T11:10:00Z', '42', '2026-10-31T10.44.48~steve', exception().id, deployment().artifact, deployment().fingerprint,
    'runner-ci', '85cac88', '4f1c2ab9', '5253',
  ]);
});

test('CSV: no text begins a formula, wherever a spreadsheet lets a field begin, and all of them come back', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '=cmd|\' /C calc\'!A0', '\uFF1D1', 'a;=1', 'a,+1', 'a"=1', "a'@b", 'a\t-1', 'a\n=1', 'a|=1', '"=1', '=HYPERLINK("https://evil.example","x")'];
  for (const text of [...formulas, ...Object.values(TEXTS)]) {
    const csv = [csvHead(), csvRows(said(text))].join('');
    for (const line of csv.split('\r\n')) {
      assert.doesNotMatch(line, DELICATE, text);
      assert.doesNotMatch(line, OBEYED, text);
    }
    for (const field of read(csv).flat()) assert.doesNotMatch(field, /(^\s*|[;,|\t"'](?<!'')\s*)(?<!')[=+@\uFF1D\uFF0B\uFF0D\uFF20-]/, text);
    assert.equal(new Set(read(csv).map(({length}) => length)).size, 1, text);
  }
  for (const [text, written] of [['=1', "'=1"], ['a-b', 'a-b'], ['2026-10-31T10.44.48~steve', '2026-10-31T10.44.48~steve'], ['a; @b', "a; '@b"], [' -x', " '-x"], ['a=b', 'a=b'], ['', '']]) assert.equal(disarmed(text), written);
  assert.equal(csvRecord(['a"b,c', null, undefined, 0, '']), '"a""b,c",,,0,""\r\n');
});

test('a tag without a record is in each shape', () => {
  const text = 'the tag shows `yes, please`, which is not the id of a freeze';
  const tagged = part('dev', {warnings: [{code: 'no_id', text}]});
  assert.deepEqual(read([csvHead(), csvRows(tagged)].join(''))[2].filter(Boolean), ['unknown', 'dev', text]);
  assert.match(shown(document(tagged), {values: {md: true}}).lines.join('\n'), /^### \u26D4 nothing on record[^]*\nWarning: the tag shows &#96;yes, please&#96;/);
});

test('CSV says on stderr what is missing', () => {
  assert.deepEqual(shown(document(unread), {values: {csv: true}}), {lines: [''], warned: ['qa could not be read: the list of records cannot be read: Kosli answered 500']});
});
