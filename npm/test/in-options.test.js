// What is wrong with a call is said of the options that it was made of.
import assert from 'node:assert/strict';
import test from 'node:test';
import {nodeploy} from './child.js';
import {serve} from './local-kosli.js';
import {inOptions} from '../cli/in-options.js';
import {plan} from '../core.js';

const NOW = '2026-11-30T10:00:00Z';
const NO_NAME = 'it starts with a letter or digit and has only letters, digits, `.`, `-`, `_` and `~`';
const asked = fields => ({type: 'except', reason: 'fix', until: '2026-11-30T12:00:00Z', change: {commit: ['4f1c2ab']}, ...fields});

// What the core is asked, the options (and variables) that it came from, and what is told.
for (const [action, values, env, told] of [
  [{type: 'assert', at: '2020-01-01T00:00:00Z'}, {at: ''}, {}, '--at is 2020-01-01 00:00:00 UTC, which has passed (it is 2026-11-30 10:00:00 UTC); the past is on record, today\'s tags do not tell it: give a later --at, or none for now'],
  [{type: 'on', reason: 'x', until: '2020-01-01T00:00:00Z'}, {until: ''}, {}, 'the freeze would end at 2020-01-01 00:00:00 UTC, which has passed (it is 2026-11-30 10:00:00 UTC); give a later --until, or none'],
  [asked({until: '2020-01-01T00:00:00Z'}), {until: ''}, {}, 'the exception would end at 2020-01-01 00:00:00 UTC, which has passed (it is 2026-11-30 10:00:00 UTC); give a later --until'],
  [asked({uses: 0}), {uses: '0'}, {}, '--uses must be 1 to 1000'],
  [asked({windows: [{policy: null, name: 'a'.repeat(9000)}]}), {window: []}, {}, '--freeze and --window name too many freezes and windows: up to 100 of each, and 8192 bytes in all, are allowed'],
  [{type: 'assert', at: '2027-01-01T00:00:00Z', record: true}, {at: '', record: true}, {}, '--at asks what would be, --record puts on record what is; leave one of them out'],
  [{type: 'on', reason: 'x', by: 'a'.repeat(300)}, {by: ''}, {}, '--by is 300 bytes long, 256 are allowed; shorten it or put a link in its place'],
  [{type: 'on', reason: 'x', by: 'a'.repeat(300)}, {}, {NODEPLOY_BY: 'a'}, 'NODEPLOY_BY is 300 bytes long, 256 are allowed; shorten it or put a link in its place'],
  [{type: 'on', reason: 'x', by: 'a'.repeat(300)}, {}, {}, 'the by is 300 bytes long, 256 are allowed; shorten it or put a link in its place'],
  [{type: 'select', environments: ['a b']}, {}, {}, '-e has `a b`, but no Kosli environment has a blank (U+0020) in its name; list each name separately: -e prod-aws,prod-eu, with `!` before what is excluded'],
  [{type: 'on', reason: 'x', except: {kind: ['*']}}, {except: ['kind=*']}, {}, '--except: it fits every change that states it; say which may pass, e.g. --except kind=hotfix'],
  [asked({change: {kind: ['*']}}), {change: ['kind=*']}, {}, '--change: it fits every change that states it; say which may pass, e.g. --change kind=hotfix'],
  [asked({change: {kind: ['a,b']}}), {change: ['kind=a,b']}, {}, '--change: `kind` has `a,b`, but `,` does not list or choose; list each value separately: --change kind=core --change kind=infra; where a value has that, write `?` in its place'],
  [{type: 'select', environments: ['!prod-{aws']}, {}, {}, "-e has `!prod-{aws`, but no Kosli environment has `{` in its name; list each name separately: -e '!prod-aws,!prod-eu'"],
  // What somebody has called so is no field.
  [{type: 'assert', change: {run: 'a'.repeat(1025)}, run: '1'}, {change: [], run: '1'}, {}, '--change: `run` has 1025 bytes; it may have 1024, and no NUL among them'],
  [asked({change: {run: ['`by`']}}), {change: [], by: ''}, {}, '--change: `run` has ``by``, quoted twice; write "by"; where a value has that, write `?` in its place'],
  [{type: 'select', environments: ['by', '!b*']}, {by: ''}, {}, '-e has `by`, and `!b*` excludes all of it; take one of them out'],
  [{type: 'report', from: '2026-11-30T09:00:00Z', to: '2026-11-30T08:00:00Z'}, {from: '', to: ''}, {}, '--from must lie before --to, and before now: a report is about the past'],
  [{type: 'assert', attest: 'attest'}, {attest: 'attest'}, {}, '--attest is `attest`; it must be FLOW/TRAIL, e.g. payments/4f1c2ab'],
  [{type: 'assert', attest: 'foo/b r'}, {attest: 'foo/b r'}, {}, `--attest: \`b r\` is not a valid Kosli trail name; ${NO_NAME}`],
  [asked({id: 'n o'}), {freeze: ['other'], exception: 'n o'}, {}, `--exception: \`n o\` is not a valid Kosli trail name; ${NO_NAME}`],
]) {
  test(told.slice(0, 70), () => {
    const environment = action.type === 'select' ? null : 'prod-aws';
    const answer = plan({environment, action, now: NOW, settings: {org: 'acme'}, observed: {environments: {status: 200, body: '[]'}}});
    assert.equal(answer.decision, 'error');
    assert.equal(inOptions(answer, {values, env, named: text => text}).summary, told);
  });
}

test('of one and of many, by option and by variable', async t => {
  const server = await serve(t);
  const env = {KOSLI_ORG: 'acme', KOSLI_API_TOKEN: server.token, KOSLI_HOST: server.url, NODEPLOY_UNTIL: '2020-01-01T00:00:00Z'};
  for (const [args, words] of [
    [['-e', 'prod-aws', 'assert', '--at', '2020-01-01T00:00:00Z', '--json'], /"--at is 2020-.* give a later --at, or none for now"/],
    [['status', '--at', '2020-01-01T00:00:00Z'], /nodeploy: --at is 2020-/],
    [['-e', 'prod-aws', '-r', 'x', '--by', 'steve', 'on'], /give a later NODEPLOY_UNTIL, or none\n/],
    [['-e', 'prod-aws', 'except', '-r', 'x', '--by', 'steve', '--until', '1h', '--change', 'kind=docs', '--uses', '9'.repeat(400)], /: --uses must be 1 to 1000\n/],
    [['report', '--delay', '8d'], /--delay `8d` is too long\n/],
  ]) {
    const {code, stdout, stderr} = await nodeploy(args, {env});
    assert.equal(code, 2);
    assert.match(stdout + stderr, words);
  }
});
