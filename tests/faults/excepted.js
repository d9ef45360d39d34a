// An exception on a frozen environment, asked for and approved; and what is on record of it.
import assert from 'node:assert/strict';
import {run} from '../../npm/index.js';
import {openLocal} from '../../npm/local/index.js';
import {ENVIRONMENT} from './scenes.js';

export const COMMIT = '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3';

/** The arguments of a gate that uses it. */
export const gate = (name, more = ['--claim']) => ['assert', '--change', `commit=${COMMIT}`, '--run', name, ...more];

const hoursFromNow = hours => `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`;

/** Freezes, asks for an exception of so many uses, and approves it. Returns its id. */
export async function except({kosli, environment = ENVIRONMENT, uses = 1, isApproved = true}) {
  const go = async action => {
    const outcome = await run({environment, action}, {kosli});
    assert.equal(outcome.decision, 'proceed', outcome.summary);
    return outcome.last.action;
  };
  await go({type: 'on', reason: 'database migration', by: 'steve'});
  const {id} = await go({type: 'except', reason: 'CVE-2026-1234', by: 'maya', until: hoursFromNow(2), change: {commit: COMMIT.slice(0, 12)}, uses});
  if (isApproved) await go({type: 'approve', exception: id, by: 'noah'});
  return id;
}

/** A scene of faults/scenes.js: the environment, frozen, with an exception for one use. */
export async function prepared(folder) {
  const kosli = await openLocal({dir: folder, org: 'acme', user: 'alice'});
  try {
    await kosli.send({request: {method: 'PUT', path: '/api/v2/environments/acme', json: {name: ENVIRONMENT, type: 'server', description: ''}}});
    await except({kosli});
  } finally {
    await kosli.close();
  }
}

/** `{claims, passes}`: the runs on record, in the order in which Kosli has them. */
export async function uses({send, org = 'acme'}, environment = ENVIRONMENT) {
  const ask = async path => JSON.parse((await send({request: {method: 'GET', path: `/api/v2/${path}`}})).body);
  const trails = async flow => (await ask(`trails/${org}?flow=${flow}&page=1&per_page=100`)).data.map(({name}) => name);
  const runs = async (flow, name) => {
    const all = await Promise.all((await trails(flow)).map(trail => ask(`attestations/${org}/${flow}/trail/${trail}/${name}`)));
    return all.flat().sort((a, b) => a.created_at - b.created_at || (a.attestation_id < b.attestation_id ? -1 : 1)).map(({annotations}) => annotations.run);
  };
  return {
    claims: await runs(`${environment}-nodeploy-exceptions`, 'nodeploy-claimed'),
    passes: await runs(`${environment}-nodeploy`, 'nodeploy-passed'),
  };
}

/** Whoever passes is among the first `most` who claimed, with both on record; nobody else's pass is. */
export function checkUses({claims, passes}, passed, most, told) {
  const first = [...new Set(claims)].slice(0, most);
  assert.ok(passed.length <= most, `${told}: ${passed} pass, and ${most} may`);
  for (const name of new Set(passes)) assert.ok(first.includes(name), `${told}: ${name} stands as passed, and the first who claimed are ${first}`);
  for (const name of passed) assert.ok(passes.includes(name) && first.includes(name), `${told}: ${name} passes, and on record are ${JSON.stringify({claims, passes})}`);
}
