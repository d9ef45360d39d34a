// A year that is known, because it was made up: every fact and every label of its reports is held against what is true.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {report} from '../../npm/index.js';
import {chance} from './chance.js';
import {differences} from './compare.js';
import {play} from './play.js';
import {reportOf} from './reading.js';
import {DAY, iso, seconds} from './times.js';
import {year} from './year.js';

const isThorough = Number(process.env.NODEPLOY_ROUNDS ?? 5) >= 50;
const RUNS = isThorough
  ? [1, 2, 3, 4, 5].map(seed => ({seed, environments: 20, days: 365}))
  : [{seed: 5, environments: 10, days: 60}];
const SHOWN = 20;

// All that can be said: a year in which one of them never happens shows nothing of it.
const KINDS = {
  freeze: ['open', 'overdue', 'ended', 'begun'],
  end: ['lifted', 'expired', 'dropped'],
  said: ['extended', 'shortened', 'restated', 'repeated'],
  note: ['by_hand', 'by_script', 'ended_twice', 'mended', 'not_begun', 'unreadable_until', 'wrong_name', 'overused', 'unused'],
  exception: ['pending', 'approved', 'used', 'revoked', 'expired', 'lapsed', 'cut'],
  deployment: ['unexplained', 'excepted', 'uncertain', 'before'],
};

for (const run of RUNS) {
  test(`${run.environments} environments, ${run.days} days, seed ${run.seed}`, async t => {
    const made = year({...run, from: seconds('2025-03-01T00:00:00Z')});
    const lot = chance(run.seed + 1);
    const tally = {reports: 0, facts: 0, reads: 0, calls: 0, largest: 0};
    const labels = {};
    const wrong = [];
    const hold = (told, stage, period, where) => {
      const {lines, facts} = differences(told, stage.truth.report(period));
      tally.facts += facts;
      tally.reports++;
      wrong.push(...lines.map(line => `${stage.name} (${stage.type}), ${iso(period.from)} to ${iso(period.to)}, asked at ${iso(period.now)}${where}: ${line}`));
    };
    const count = (kind, list) => list.forEach(one => {
      labels[`${kind} ${one}`] = (labels[`${kind} ${one}`] ?? 0) + 1;
    });

    await play(t, made, async (world, now) => {
      const begin = made.from + lot.below(Math.max(1, now - made.from - DAY));
      const periods = [{from: made.from, to: now, now}, {from: begin, to: Math.min(now, begin + lot.between(1, 40 * DAY)), now}];
      for (const stage of made.stages) {
        for (const period of periods) {
          const told = await reportOf(world.kosli, stage.name, {...period, ...stage.asked && {members: stage.members}});
          tally.reads += told.reads.length;
          tally.calls += told.calls;
          tally.largest = Math.max(tally.largest, told.largest);
          hold(told.report, stage, period, '');
        }
      }
      const [whole] = periods;
      for (const {truth} of made.stages) {
        const {freezes, exceptions, deployments} = truth.report(whole);
        count('freeze', freezes.map(({state}) => state));
        count('end', freezes.map(({ended}) => ended?.how).filter(Boolean));
        count('said', freezes.flatMap(({said}) => said.map(({what}) => what)));
        count('note', [...freezes, ...exceptions].flatMap(({notes}) => notes));
        count('exception', exceptions.map(({state}) => state));
        count('deployment', deployments.map(({label}) => label));
      }
      if (now < made.to) return;
      // The npm package asks for all of them, side by side, and says the same.
      const names = made.stages.map(({name}) => name);
      const asked = {kosli: world.kosli, environments: names, from: iso(whole.from), to: iso(whole.to), clock: () => new Date(now * 1000)};
      for await (const told of report(asked)) {
        assert.equal(told.error, null);
        hold(told, made.stages.find(({name}) => name === told.environment), whole, ', by npm');
      }
    });
    t.diagnostic(`${made.steps.length} things done, ${JSON.stringify(tally)}`);
    t.diagnostic(JSON.stringify(labels));
    assert.ok(tally.largest < 1_000_000, `a call has ${tally.largest} bytes`);
    const all = Object.entries(KINDS).flatMap(([kind, values]) => values.map(value => `${kind} ${value}`));
    assert.deepEqual(all.filter(kind => !(kind in labels)), [], 'this never happened');
    assert.deepEqual(wrong.slice(0, SHOWN), [], `${wrong.length} of ${tally.facts} facts are wrong`);
  });
}
