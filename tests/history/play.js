// Plays a year, and stops where reports are to be asked for.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openWorld} from './world.js';

/** Does all of it in a folder of its own, which goes with the test; at each of the year's `asks` waits for `ask(world, now)`. */
export async function play(t, {steps, asks}, ask) {
  const folder = mkdtempSync(join(tmpdir(), 'nodeploy-history-'));
  const world = await openWorld(folder);
  t.after(async () => {
    await world.close();
    rmSync(folder, {recursive: true});
  });
  // What has paused goes on when its time has come.
  let paused = [];
  const goOnTo = async at => {
    const due = paused.filter(({until}) => until <= at).sort((a, b) => a.until - b.until);
    paused = paused.filter(({until}) => until > at);
    for (const {resume} of due) await resume();
  };
  const left = [...asks];
  const askUpTo = async at => {
    while (left[0] <= at) {
      const now = left.shift();
      await goOnTo(now);
      world.at(now, 'auditor');
      await ask(world, now);
    }
  };
  for (const {at, account, play: act} of steps) {
    await askUpTo(at);
    await goOnTo(at);
    const pause = await world.act(at, account, act);
    if (pause) paused.push(pause);
  }
  await askUpTo(Infinity);
}
