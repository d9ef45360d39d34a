// verbs.js is the only list of verbs, options.js of options: whatever else speaks of them goes by these.
import assert from 'node:assert/strict';
import test from 'node:test';
import {help} from '../cli/help.js';
import {OPTIONS, parse} from '../cli/options.js';
import {VERBS} from '../cli/verbs.js';

test('each verb takes options that there are, and the help tells of each', () => {
  for (const [verb, {options}] of Object.entries(VERBS)) {
    for (const option of options) assert.ok(Object.hasOwn(OPTIONS, option), `${verb} --${option}`);
    assert.match(help(), new RegExp(`^  ${verb} +\\w`, 'm'));
  }
  for (const option of Object.keys(OPTIONS)) if (option !== 'output') assert.match(help(), new RegExp(`^ {2}(?:-\\w,| {3}) --${option}\\b`, 'm'));
});

test('an option is taken with its verbs, and with no other', () => {
  for (const verb of Object.keys(VERBS)) {
    for (const [option, {type}] of Object.entries(OPTIONS).filter(([name]) => !['help', 'version', 'output'].includes(name))) {
      const args = [verb, type === 'boolean' ? `--${option}` : `--${option}=x`];
      const takers = Object.keys(VERBS).filter(each => VERBS[each].options.includes(option));
      if (takers.length === 0 || takers.includes(verb)) assert.equal(parse(args).verb, verb, args.join(' '));
      else assert.throws(() => parse(args), {message: `--${option} does not go with \`${verb}\``, advice: `--${option} goes with: ${takers.join(', ')}`});
    }
  }
});
