// A year of many environments: stories one after another in each, and what is deployed meanwhile; all of it from one seed.
import {chance} from './chance.js';
import {EXCEPTIONS} from './exceptions.js';
import {FREEZES, leftOpen} from './freezes.js';
import {heartbeat, ship} from './ships.js';
import {Stage} from './stage.js';
import {DAY, HOUR, MINUTE} from './times.js';
import {WINDOWS} from './windows.js';

const TYPES = ['K8S', 'ECS', 'docker', 'server', 'lambda', 'S3'];
const STORIES = [...FREEZES, ...WINDOWS, ...EXCEPTIONS].flatMap(([weight, story]) => Array(weight).fill(story));

/** `{stages, steps, asks}`: the environments, what is done to them in the order of time, and when to ask for reports. */
export function year({seed, environments, from, days}) {
  const lot = chance(seed);
  const to = from + days * DAY;
  const stages = Array.from({length: environments}, (_, index) => {
    const stage = new Stage({name: `env-${String(index).padStart(2, '0')}`, type: TYPES[index % TYPES.length], chance: chance(lot.below(2 ** 32))});
    // One of five is archived at the end, of another one nobody ever reports what runs there.
    play(stage, {from, to, isArchived: index % 5 === 3, isReported: index % 5 !== 4, policies: index % 2 === 0 ? ['production'] : null});
    return stage;
  });
  const together = new Stage({name: 'together', type: 'logical', chance: chance(lot.below(2 ** 32)), members: stages.slice(0, 2).map(({name}) => name)});
  play(together, {from: from + 1, to, isArchived: false, isReported: false, policies: null});
  stages.push(together);

  const asks = [from + Math.floor(days / 3) * DAY, from + Math.floor(days * 2 / 3) * DAY, to];
  for (const stage of stages) {
    for (const at of asks) if (at < stage.silentFrom) heartbeat(stage, at - 1);
    stage.truth.reporter.heard.sort((a, b) => a - b);
  }
  // What happens at one second happens in the order of its story.
  const steps = stages.flatMap(stage => stage.steps.map((step, order) => ({...step, order})));
  steps.sort((a, b) => a.at - b.at || a.order - b.order);
  return {stages, steps, asks, from, to};
}

function play(stage, {from, to, isArchived, isReported, policies}) {
  const {chance: lot, members} = stage;
  stage.policies = policies;
  stage.step(from, 'admin', world => world.put(`environments/${world.org}`, {
    name: stage.name, type: stage.type, description: '', ...(policies && {policies}), ...(members && {included_environments: members}),
  }));
  const calm = from + Math.floor((to - from) * 0.9);
  stage.played = [];
  for (let at = from + lot.between(2 * HOUR, 3 * DAY); at < calm - 5 * DAY;) {
    const story = lot.one(STORIES);
    stage.played.push(story.name);
    at = story(stage, at) + lot.between(1 * HOUR, 6 * DAY);
  }
  if (lot.is(0.6)) leftOpen(stage, calm + HOUR, to);
  stage.silentFrom = isReported ? lot.is(0.2) ? lot.between(from + DAY, to) : Infinity : -Infinity;
  if (isReported) ship(stage, {from: from + MINUTE, to, silentFrom: stage.silentFrom});
  if (!isArchived) return;
  stage.truth.goneFrom = to - HOUR;
  stage.step(to - HOUR, 'admin', world => world.put(`environments/${world.org}/${stage.name}/archive`, null));
  stage.silentFrom = Math.min(stage.silentFrom, to - HOUR);
}
