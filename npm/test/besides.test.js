// What `on` and `off` say of what closes all the same: windows of a policy, a tag that may be meant to freeze.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {endsIn, kosli, OFFICE, utc} from './windows-kosli.js';

const CLOSED = {...endsIn(7200), reason: 'audit'};
const LATER = {...OFFICE, name: 'later', timezone: 'UTC', days: undefined, from: utc(Date.now() + 86_400_000), to: utc(Date.now() + 90_000_000)};

// What stands between the summary and the advice.
async function besides(run, args) {
  const {code, stdout, stderr} = await run([...args, '--by', 'ann']);
  assert.equal(code, 0, stderr);
  return stdout.split('\n').filter(line => /^(prod-aws|to open|to have)\b.*: /.test(line) && !/freezing|lifting/.test(line)).map(line => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC( \(.*?\))?/, 'TIME'));
}

const on = ['-r', 'why', 'on'];
const EARLIER = 'to open it earlier: `suspended: true` for `short` in nodeploy.json';

test('a freeze window that is active, found or named', async t => {
  const {cwd, run} = await kosli(t, CLOSED);
  assert.deepEqual(await besides(run, on), ['prod-aws: also closed by the freeze window `short` until TIME: audit']);
  assert.deepEqual(await besides(run, ['off']), ['prod-aws: still closed by the freeze window `short` until TIME: audit', EARLIER]);
  assert.deepEqual(await besides(run, ['off']), ['prod-aws: still closed by the freeze window `short` until TIME: audit', EARLIER], 'it was lifted before');
  assert.deepEqual(await besides(run, ['off', '-e', 'prod-*']), ['prod-aws: still closed by the freeze window `short` until TIME: audit', EARLIER]);
  assert.deepEqual(await besides(run, ['off', '--policy=']), []);
  writeFileSync(join(cwd, 'mine.json'), JSON.stringify({windows: [LATER]}));
  assert.deepEqual(await besides(run, ['off', '--policy', 'mine.json']), ['prod-aws: still closed, outside the allow window `later` until TIME', 'to open it earlier: one more `effect: allow` window, for now, in mine.json']);
  const {stdout} = await run(['off', '--by', 'ann', '--json']);
  assert.equal(JSON.parse(stdout).besides, undefined, 'for a person');
});

test('a policy that cannot be read keeps nobody from freezing and lifting', async t => {
  const {cwd, run} = await kosli(t, {...CLOSED, timezone: 'No/Where'});
  assert.match((await besides(run, on)).join(), /^prod-aws: a gate cannot tell whether it is open: nodeploy\.json:\d+:\d+: the policy cannot be read/);
  writeFileSync(join(cwd, 'nodeploy.json'), '{');
  assert.match((await besides(run, ['off'])).join(), /^prod-aws: whether a window of the policy closes it, too, is not known: nodeploy\.json:1:2: it ends/);
});

test('a tag that may be meant to freeze', async t => {
  const {tag, run} = await kosli(t);
  await tag({NODEPLOY: 'yes'});
  for (const args of [on, ['off']]) assert.match((await besides(run, args)).join(), /^prod-aws: a gate cannot tell whether it is open: the tag `NODEPLOY` of prod-aws may be meant to freeze it.*kosli tag env prod-aws --unset NODEPLOY$/);
});
