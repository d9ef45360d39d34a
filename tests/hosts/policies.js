// The examples go by a policy: the one that is named, or lies in the folder they run in. What they cannot read closes.
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, test} from 'node:test';
import {plan, readPolicy} from '../../npm/index.js';
import {root} from './hosts.js';
import {Stage} from './stage.js';

const window = {name: 'always', effect: 'freeze', environments: ['*'], timezone: 'UTC', from: '2020-01-01', to: '2120-01-01'};
const CLOSED = {windows: [window]};
const {from, to, ...untimed} = window;
const calendar = file => ({windows: [{...untimed, calendar: file}]});
const yaml = (more = '') => `windows:\n  - name: always\n    effect: freeze\n    environments: ["*"]\n    timezone: UTC\n    from: 2020-01-01\n    to: 2120-01-01\n${more}`;
const ICS = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20200101T000000Z', 'DTSTART:20200101T000000Z', 'DTEND:21200101T000000Z', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

/** Which of them read YAML, by the parser that is usual in the language; Rust has none that is maintained. */
const READS_YAML = ['Node', 'Python', 'Go', 'Java'];

// What lies in the folder, and the exit code of a gate there.
const FOLDERS = [
  ['nothing', {}, 0],
  ['a policy that closes', {'nodeploy.json': CLOSED}, 1],
  ['a large one', {'nodeploy.json': {windows: Array.from({length: 400}, (_, i) => ({...window, name: `always-${i}`}))}}, 1],
  ['one with a byte order mark', {'nodeploy.json': `\ufeff${JSON.stringify(CLOSED)}`}, 1],
  ['one that is suspended', {'nodeploy.json': {windows: [{...window, suspended: true}]}}, 0],
  ['a calendar', {'nodeploy.json': calendar('calendars/closed.ics'), 'calendars/closed.ics': ICS}, 1],
  ['a calendar that is not there', {'nodeploy.json': calendar('closed.ics')}, 2],
  ['a calendar that is cut off', {'nodeploy.json': calendar('closed.ics'), 'closed.ics': ICS.slice(0, 150)}, 2],
  ['a calendar that is not UTF-8', {'nodeploy.json': calendar('closed.ics'), 'closed.ics': Buffer.from(ICS.replace('PRODID:x', 'PRODID:\xff'), 'latin1')}, 2],
  ['a calendar above its folder', {'policies/nodeploy.json': calendar('../closed.ics'), 'closed.ics': ICS}, 2, {policy: 'policies/nodeploy.json'}],
  ['a calendar from the root', {'nodeploy.json': calendar('/proc/self/environ')}, 2],
  ['windows given twice', {'nodeploy.json': JSON.stringify(CLOSED).replace(/}$/, ',"windows":[]}')}, 2],
  ['a key given twice', {'nodeploy.json': JSON.stringify(CLOSED).replace('"effect"', '"suspended":true,"suspended":false,"effect"')}, 2],
  ['a key without a value', {'nodeploy.json': {windows: [{...window, types: null}]}}, 2],
  ['approvals whose accounts have no value', {'nodeploy.json': {windows: [], approvals: {needed: 1, accounts: null}}}, 2],
  ['an exception whose change has no value', {'nodeploy.json': {windows: [], exceptions: [{name: 'a', environments: ['*'], windows: ['*'], change: {kind: null}}]}}, 2],
  ['a key with a typo', {'nodeploy.json': {windows: [{...window, suspend: true}]}}, 2],
  ['a policy that is not UTF-8', {'nodeploy.json': Buffer.from(JSON.stringify(CLOSED).replace('always', '\xff'), 'latin1')}, 2],
  ['null', {'nodeploy.json': 'null'}, 2],
  ['an empty file', {'nodeploy.json': ''}, 2],
  ['a list', {'nodeploy.json': '[]'}, 2],
  ['two documents', {'nodeploy.json': `${JSON.stringify({windows: []})}\n${JSON.stringify(CLOSED)}`}, 2],
  ['two policies', {'nodeploy.json': CLOSED, 'nodeploy.yaml': yaml()}, 2],
  ['YAML', {'nodeploy.yaml': yaml()}, 1, {yaml: true}],
  ['YAML that is named otherwise', {'nodeploy.yml': yaml()}, 1, {yaml: true}],
  ['YAML with a calendar', {'nodeploy.yaml': yaml('    calendar: closed.ics\n').replace(/ +from.*\n +to.*\n/, ''), 'closed.ics': ICS}, 1, {yaml: true}],
  ['YAML with a time in seconds', {'nodeploy.yaml': yaml().replace('from: 2020-01-01', 'from: 2020-01-01T00:00:00')}, 1, {yaml: true}],
  ['YAML with a time in a zone', {'nodeploy.yaml': yaml().replace('from: 2020-01-01', 'from: 2020-01-01T00:00:00+01:00')}, 2],
  ['YAML with a time and a blank', {'nodeploy.yaml': yaml().replace('from: 2020-01-01', 'from: 2020-01-01 00:00:00')}, 1, {yaml: true}],
  ['YAML with a key given twice', {'nodeploy.yaml': yaml('    suspended: false\n    suspended: true\n')}, 2],
  ['YAML with a blank key', {'nodeploy.yaml': yaml('    types:\n')}, 2],
  ['YAML with a merge key', {'nodeploy.yaml': yaml('    <<: {suspended: true}\n')}, 2],
  ['YAML with a merge key of an alias', {'nodeploy.yaml': yaml('    types: &a {suspended: true}\n    <<: *a\n')}, 2],
  ['YAML with a tag', {'nodeploy.yaml': yaml('    suspended: !!bool "true"\n')}, 2],
  ['YAML with a tag of its own', {'nodeploy.yaml': yaml('    reason: !secret x\n')}, 2],
  ['YAML in two documents', {'nodeploy.yaml': `windows: []\n---\n${yaml()}`}, 2],
  ['an empty YAML', {'nodeploy.yaml': '# nothing\n'}, 2],
];

export function policies(present, folder) {
  describe('the examples go by a policy', () => {
    const stage = new Stage(folder);
    const fill = files => {
      const cwd = mkdtempSync(join(folder.path, 'policy-'));
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, name)), {recursive: true});
        writeFileSync(join(cwd, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
      }
      return cwd;
    };

    for (const host of present) {
      test(`${host.name}: what lies in its folder`, t => stage.with(t, async () => {
        for (const [what, files, expected, {yaml: needsYaml, policy} = {}] of FOLDERS) {
          const {code, stdout, stderr} = await stage.go(host, {type: 'assert'}, {cwd: fill(files), policy});
          const isForeign = needsYaml && !READS_YAML.includes(host.name);
          assert.equal(code, isForeign ? 2 : expected, `${what}: ${stdout}${stderr}`);
          if (isForeign) assert.match(stderr, /this host reads JSON; convert it: yq -o json nodeploy\.ya?ml > nodeploy\.json/);
          else if (expected === 1) assert.match(stdout, /always/, what);
          if (expected < 2 && !isForeign) assert.match(stderr, /^policy: (none|nodeploy\.(json|ya?ml))$/m, what);
        }
      }));

      test(`${host.name}: the one that is named, and on and off without any`, t => stage.with(t, async () => {
        const cwd = fill({'nodeploy.json': '{', 'other.json': CLOSED});
        const go = (action, policy, NODEPLOY_POLICY = '') => stage.go(host, action, {cwd, policy, env: {NODEPLOY_POLICY}});
        assert.equal((await go({type: 'assert'})).code, 2);
        assert.equal((await go({type: 'assert'}, 'other.json')).code, 1);
        assert.equal((await go({type: 'assert'}, 'missing.json')).code, 2);
        assert.equal((await go({type: 'assert'}, undefined, 'other.json')).code, 1);
        assert.equal((await go({type: 'assert'}, '', 'other.json')).code, 0);
        assert.equal((await go({type: 'assert'}, undefined, 'missing.json')).code, 2);
        assert.equal((await go({type: 'assert'}, '')).code, 0);
        assert.equal((await go({type: 'on', by: 'policy', reason: 'x'})).code, 0);
        assert.equal((await go({type: 'off', by: 'policy'})).code, 0);
      }));

      test(`${host.name}: sync puts the window on record`, t => stage.with(t, async () => {
        const environment = `window-${host.language}`;
        await stage.kosli.cli(['create', 'environment', environment, '--type', 'K8S']);
        const {code, stdout, stderr} = await stage.go(host, {type: 'sync'}, {environment, cwd: fill({'nodeploy.json': CLOSED})});
        assert.equal(code, 0, stdout + stderr);
        const flags = Object.values((await stage.environment(environment)).tags).join();
        assert.match(flags, /by=window%2Falways/);
      }));

      // The readme's policy has every kind of window.
      test(`${host.name}: the policy of npm/readme.md says what it says to nodeploy`, t => stage.with(t, async () => {
        const [, text] = /```yaml\n([^`]*)```/.exec(readFileSync(join(root, 'npm', 'readme.md'), 'utf8'));
        const later = new Date().getUTCFullYear() - 2025; // next year's 10 December: the hosts go by the clock, and what has passed cannot be asked about
        const inNextYears = text.replace(/\b20\d\d(?=-\d\d-\d\d)/g, year => String(Number(year) + later));
        const cwd = fill({'nodeploy.yaml': inNextYears.replace(/^ *suspended: true.*\n/m, ''), 'holidays.ics': ICS});
        const policy = await readPolicy(join(cwd, 'nodeploy.yaml'));
        const named = READS_YAML.includes(host.name) ? 'nodeploy.yaml' : 'converted.json';
        const windows = policy.windows.map(each => each.calendar ? {...each, calendar: 'holidays.ics'} : each);
        writeFileSync(join(cwd, 'converted.json'), JSON.stringify({...policy, windows}));
        const now = `${2026 + later}-12-10T12:00:00Z`;
        const action = {type: 'windows', at: now, days: 400};
        const body = await stage.kosli.cli(['get', 'environment', 'prod-aws', '--output', 'json']);
        const expected = plan({action, now, policy, environment: 'prod-aws', observed: {environment: {status: 200, body}}});
        assert.equal(expected.decision, 'proceed', expected.summary);
        const words = [expected.summary, expected.advice, ...expected.warnings.map(({text}) => text)].filter(Boolean);
        for (const file of new Set([named, 'converted.json'])) {
          const {code, stdout, stderr} = await stage.go(host, action, {cwd, policy: file});
          assert.equal(code, 0, stdout + stderr);
          assert.equal(stdout, words.map(line => `${line}\n`).join(''));
        }
      }));
    }
  });
}
