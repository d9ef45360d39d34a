// verbs.js is the only list of verbs, options.js of options: whatever else speaks of them goes by these.
import assert from 'node:assert/strict';
import test from 'node:test';
import {help} from '../cli/help.js';
import {OPTIONS, parse} from '../cli/options.js';
import {VERBS} from '../cli/verbs.js';
import {nodeploy} from './child.js';
import {temporaryFolder} from './local-kosli.js';

test('each verb takes options that there are, and the help tells of each', async () => {
  const all = await help();
  for (const [verb, {options}] of Object.entries(VERBS)) {
    for (const option of options) assert.ok(Object.hasOwn(OPTIONS, option), `${verb} --${option}`);
    assert.equal(options.includes('policy'), VERBS[verb].policy !== undefined, `${verb} goes by the policy that is named`);
    assert.match(all, new RegExp(`^  ${verb} +\\w`, 'm'));
  }
  for (const option of Object.keys(OPTIONS)) if (option !== 'output') assert.match(all, new RegExp(`^ {2}(?:-\\w,| {3}) --${option}\\b`, 'm'));
});

test('an option is taken with its verbs, and with no other', () => {
  for (const verb of Object.keys(VERBS)) {
    for (const [option, {type}] of Object.entries(OPTIONS).filter(([name]) => !['help', 'version', 'output'].includes(name))) {
      const args = [verb, ...(VERBS[verb].argument ? ['x'] : []), type === 'boolean' ? `--${option}` : `--${option}=x`];
      const takers = Object.keys(VERBS).filter(each => VERBS[each].options.includes(option));
      if (takers.length === 0 || takers.includes(verb)) assert.equal(parse(args).verb, verb, args.join(' '));
      else assert.throws(() => parse(args), {message: `--${option} does not go with \`${verb}\``, advice: `--${option} goes with: ${takers.join(', ')}`});
    }
  }
});

test('what others call a verb is understood as a hint, and by nobody as the verb', async t => {
  const cwd = temporaryFolder(t);
  const all = Object.values(VERBS).flatMap(({also = []}) => also);
  assert.equal(new Set([...all, ...Object.keys(VERBS)]).size, all.length + Object.keys(VERBS).length, 'each is one verb\'s');
  for (const [word, verb] of [['freeze', 'on'], ['lift', 'off'], ['unfreeze', 'off'], ['check', 'assert'], ['Gate', 'assert'], ['list', 'status']]) {
    const {code, stdout, stderr} = await nodeploy(['-e', 'prod', '--local', 'box', word], {cwd});
    assert.deepEqual([code, stdout], [2, ''], word);
    assert.match(stderr, new RegExp(`there is no \`${word}\`\\ndid you mean ${verb}\\?`));
  }
});

test('colours: on a terminal, and where FORCE_COLOR says so', async t => {
  const cwd = temporaryFolder(t);
  await nodeploy(['-e', 'prod', '--local', 'box', '-r', 'why', '--by', 'ann', 'on'], {cwd});
  for (const [env, isPainted] of [[{}, false], [{FORCE_COLOR: '1'}, true], [{FORCE_COLOR: ''}, false], [{FORCE_COLOR: '0'}, false], [{FORCE_COLOR: 'true', NO_COLOR: '1'}, true]]) {
    const {stdout} = await nodeploy(['-e', 'prod', '--local', 'box', 'assert'], {cwd, env});
    assert.equal(stdout.includes('Checking nodeploy for prod: \u001B[31mfrozen.\u001B[0m'), isPainted, JSON.stringify(env));
  }
});
