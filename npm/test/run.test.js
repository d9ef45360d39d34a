// The host loop: what it looks at, writes and tells, and what it makes of answers that are lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import {run} from '../index.js';
import {ASSERT, ID, localKosli, OFF, ON, quick, WRITES_OF_ON} from './run-kosli.js';

test('on, assert, off, assert', async t => {
  const kosli = await localKosli(t);
  const on = await quick(ON, kosli);
  assert.equal(on.decision, 'proceed');
  assert.equal(on.reason, 'freezing');
  assert.equal(on.last.reason, 'already_frozen');
  assert.deepEqual(on.done.map(({type}) => type), WRITES_OF_ON);
  assert.equal(on.rounds, 2);
  assert.deepEqual(on.slept, []);
  assert.equal((await kosli.tags()).nodeploy, ID);
  const frozen = await quick(ASSERT, kosli);
  assert.deepEqual([frozen.decision, frozen.reason, frozen.rounds, frozen.done], ['refuse', 'frozen', 1, []]);
  const off = await quick(OFF, kosli);
  assert.deepEqual([off.decision, off.reason, off.last.reason], ['proceed', 'lifting', 'already_lifted']);
  assert.deepEqual(await kosli.tags(), {});
  assert.deepEqual([await kosli.attestations(ID, 'nodeploy-on'), (await kosli.attestations(ID, 'nodeploy-off')).length], [['why'], 1]);
  assert.equal((await quick(ASSERT, kosli)).decision, 'proceed');
});

test('every step is told of', async t => {
  const kosli = await localKosli(t);
  const events = [];
  await quick(ON, kosli, {onEvent: ({type, ...event}) => events.push([type, event.round ?? event.read?.as ?? event.command?.type ?? event.item?.as ?? event.item?.type])});
  assert.deepEqual(events.slice(0, 8), [
    ['round', 1], ['read', 'trails'], ['result', 'trails'], ['read', 'environment'], ['result', 'environment'], ['decided', undefined],
    ['command', 'tag_environment'], ['result', 'tag_environment'],
  ]);
  assert.deepEqual(events.filter(([type]) => type === 'round'), [['round', 1], ['round', 2]]);
});

for (const [pages, together] of [[5, 4], [30, 8]]) {
  test(`the reads of one look go out together, eight at most: ${pages} pages`, async () => {
    let open = 0;
    let most = 0;
    const asked = [];
    const held = [];
    const kosli = {
      org: 'acme',
      async send({as}) {
        asked.push(as);
        if (as.startsWith('trails/')) { // held until as many are open as may be
          most = Math.max(most, ++open);
          const goesOn = new Promise(resolve => held.push(resolve));
          if (open >= together) held.shift()();
          if (asked.includes(`trails/${pages}`)) for (const release of held) release();
          await goesOn;
          open--;
        }
        if (as === 'environment') return {status: 200, body: '{"name":"prod","tags":{}}'};
        const page = Number(as.split('/')[1] ?? 1);
        const data = Array.from({length: 100}, (_, place) => ({name: `other-${page}-${place}`, compliance_status: {attestations_statuses: []}}));
        return {status: 200, body: JSON.stringify({data, pagination: {total: 100 * pages, page, per_page: 100, page_count: pages}})};
      },
    };
    await quick({environment: 'prod', action: {type: 'sync'}}, kosli);
    assert.equal(most, together);
    assert.equal(asked.filter(as => as.startsWith('trails')).length, pages);
    assert.equal(new Set(asked).size, asked.length);
  });
}

for (const [index, type] of WRITES_OF_ON.entries()) {
  test(`a refused ${type} ends the run, says how to finish, and the same command again finishes`, async t => {
    let refuse = true;
    const kosli = await localKosli(t, (item, send) =>
      item.type === type && refuse ? {status: 403, body: '{"message":"no\\u001b[31m permission"}'} : send(item));
    const outcome = await quick(ON, kosli);
    assert.deepEqual([outcome.decision, outcome.reason, outcome.done.length], ['error', 'command_failed', index]);
    assert.match(outcome.summary, /failed: Kosli answered 403: no\\u\{1b\}\[31m permission/);
    assert.match(outcome.summary, index > 0 ? /; done before: tag prod/ : /; prod was NOT frozen$/);
    assert.equal(outcome.advice, `to finish: nodeploy -e prod --reason why --by steve on --freeze ${ID}`);
    assert.equal((await quick(ASSERT, kosli)).decision, index === 0 ? 'proceed' : 'refuse');
    refuse = false;
    assert.equal((await quick({environment: 'prod', action: {...ON.action, id: ID}}, kosli)).decision, 'proceed');
    assert.equal((await kosli.tags()).nodeploy, ID);
    assert.deepEqual(await kosli.attestations(ID, 'nodeploy-on'), ['why']);
  });
}

test('a failed off names the freezes that it was about', async t => {
  const kosli = await localKosli(t, (item, send) => item.name === 'nodeploy-off' ? {error: 'connect ECONNREFUSED'} : send(item));
  await quick(ON, kosli);
  const {summary, advice} = await quick(OFF, kosli);
  assert.equal(summary, `attest nodeploy-off on trail ${ID} failed: connect ECONNREFUSED`);
  assert.equal(advice, `to finish: nodeploy -e prod --by steve off --freeze ${ID}`);
});

test("the kosli CLI's words are told, if it had any", async t => {
  for (const [stderr, words] of [[undefined, ''], [null, ''], ['', ''], ['x\n', ': x'], ['[debug]\nError: no\nUsage', ': no'],
    ['Error: [kosli tag] Patch "https://k/x": PATCH https://k/x giving up after 4 attempt(s): Patch "https://k/x": dial tcp 10.1.2.3:443: i/o timeout\n', ': giving up after 4 attempt(s): dial tcp 10.1.2.3:443: i/o timeout'],
    ['Error: [kosli tag] Patch "https://k/x": PATCH https://k/x giving up after 4 attempt(s)\n', ': giving up after 4 attempt(s)']]) {
    const kosli = await localKosli(t, (item, send) => item.type ? {exit_code: 1, stdout: '', stderr} : send(item));
    assert.equal((await quick(ON, kosli)).summary, `tag prod failed: kosli ended with 1${words}`);
  }
});

test('how to finish a question is the question', async t => {
  const kosli = await localKosli(t, () => ({error: 'stopped'}));
  const action = {type: 'windows', at: '2026-12-24T18:00:00Z', days: 7, ics: true};
  const {reason, advice} = await quick({environment: 'prod', action}, kosli, {signal: AbortSignal.abort()});
  assert.deepEqual([reason, advice], ['aborted', 'to finish: nodeploy -e prod windows --at 2026-12-24T18:00:00Z --days 7 --ics']);
});

const LOST_ANSWERS = {
  'a 500': {status: 500, body: ''},
  'a broken connection': {error: 'socket hang up', uncertain: true},
  'a kosli that gave up': {exit_code: 1, stdout: '', stderr: 'Error: giving up after 1 attempt(s)', uncertain: true},
  'a 202': {status: 202, body: ''},
};

for (const [about, answer] of Object.entries(LOST_ANSWERS)) {
  test(`${about} after an attestation was applied: it is not repeated`, async t => {
    const kosli = await localKosli(t, async (item, send) => {
      const result = await send(item);
      return item.type === 'attest' ? answer : result;
    });
    const {decision, slept} = await quick(ON, kosli);
    assert.equal(decision, 'proceed');
    assert.deepEqual(slept, [1000]);
    assert.deepEqual(await kosli.attestations(ID, 'nodeploy-on'), ['why']);
  });

  test(`${about} after an attestation was not applied: it is repeated, not for ever`, async t => {
    let failures = 2;
    const kosli = await localKosli(t, (item, send) => item.type === 'attest' && failures-- > 0 ? answer : send(item));
    assert.equal((await quick(ON, kosli)).decision, 'proceed');
    assert.deepEqual(await kosli.attestations(ID, 'nodeploy-on'), ['why']);
    failures = Infinity;
    const off = await quick(OFF, kosli);
    assert.deepEqual([off.decision, off.reason], ['error', 'command_failed']);
    assert.equal(kosli.sent.filter(type => type === 'attest').length, 3 + 4);
    assert.equal((await quick(ASSERT, kosli)).decision, 'refuse');
  });
}

test('a Kosli that says yes and does nothing: eight rounds of writes, with pauses, then an error', async t => {
  const kosli = await localKosli(t, (item, send) => item.type ? {status: 200, body: '"OK"'} : send(item));
  const outcome = await quick(ON, kosli);
  assert.deepEqual([outcome.decision, outcome.reason, outcome.rounds], ['error', 'not_settled', 8 + 3]);
  assert.equal(kosli.sent.filter(type => type === 'attest').length, 8);
  assert.deepEqual(outcome.slept.filter(wait => wait >= 1000), [1000, 2000, 4000]);
  const pauses = outcome.slept.filter(wait => wait < 1000);
  assert.equal(pauses.length, 9);
  assert.ok(pauses.every(wait => wait >= 200 && wait <= 600));
  assert.match(outcome.summary, /; done before: tag prod, create flow prod-nodeploy, begin trail [^,]+, attest nodeploy-on on trail [^,]+$/);
  assert.match(outcome.advice, /^to finish: nodeploy -e prod --reason why --by steve on --freeze /);
});

// As a replica does that what was written reaches later.
for (const [looks, onRecord] of [[1, 1], [3, 1], [4, 2]]) {
  test(`a Kosli that shows ${looks} looks late what it has taken: on record ${onRecord === 1 ? 'once' : `${onRecord} times`}`, async t => {
    const shown = new Map();
    let round;
    const kosli = await localKosli(t, async (item, send) => {
      if (!item.as) return send(item);
      if (round === 1 || round > 1 + looks) shown.set(item.as, await send(item));
      return shown.get(item.as);
    });
    const onEvent = event => {
      if (event.type === 'round') ({round} = event);
    };
    for (const [call, name] of [[ON, 'nodeploy-on'], [OFF, 'nodeploy-off']]) {
      const {decision, slept} = await quick(call, kosli, {onEvent});
      assert.equal(decision, 'proceed');
      assert.deepEqual(slept.filter(wait => wait >= 1000), [1000, 2000, 4000].slice(0, looks));
      assert.equal((await kosli.attestations(ID, name)).length, onRecord);
    }
    assert.deepEqual(await kosli.tags(), {});
  });
}

test('another intent is never carried on: a freeze lifted meanwhile stays lifted', async t => {
  const kosli = await localKosli(t, async (item, send) => {
    const result = await send(item);
    if (item.type === 'attest' && item.name === 'nodeploy-on' && !kosli.lifted) {
      kosli.lifted = true;
      await quick({environment: 'prod', action: {type: 'off', freezes: 'all', by: 'jon'}}, kosli);
    }
    return result;
  });
  const outcome = await quick(ON, kosli);
  assert.deepEqual([outcome.decision, outcome.reason, outcome.answer.reason], ['refuse', 'lifted', 'freezing']);
  assert.equal(outcome.summary, outcome.last.summary);
  assert.deepEqual(await kosli.tags(), {});
});

// Two lift at once: each first look still shows the other's freeze. Or one freezes while another lifts.
for (const [about, before, meanwhile, words, advice] of [
  ['lifts too', {type: 'on', reason: 'two', by: 'mary'}, {type: 'off', by: 'mary'}, /^the freeze \S+~steve of prod has been lifted; prod is not frozen any more$/, null],
  ['freezes', undefined, {type: 'on', reason: 'two', by: 'mary'}, /has been lifted; prod STAYS FROZEN .* by mary: two$/, /^to lift it: .*~mary$/],
  ['does nothing', undefined, undefined, /^lifting the freeze of prod \(since .*\); prod is not frozen any more$/, null],
]) {
  test(`an off tells how its last look found it, where another ${about} meanwhile`, async t => {
    let left = meanwhile;
    const kosli = await localKosli(t, async (item, send) => {
      const action = item.type === 'attest' && item.name === 'nodeploy-off' ? left : undefined;
      if (action) {
        left = undefined;
        await quick({environment: 'prod', action}, kosli);
      }
      return send(item);
    });
    await quick(ON, kosli);
    if (before) await quick({environment: 'prod', action: before}, kosli);
    const outcome = await quick(OFF, kosli);
    assert.deepEqual([outcome.decision, outcome.reason], ['proceed', 'lifting']);
    assert.match(outcome.summary, words);
    if (advice) assert.match(outcome.advice, advice);
    else assert.equal(outcome.advice, null);
  });
}

test('a look that fails is an error, and nothing is written', async t => {
  for (const answer of [{error: 'connect ECONNREFUSED'}, {status: 500, body: ''}, {status: 200, body: '<html>'}, {status: 200, body: '{}'}]) {
    const kosli = await localKosli(t, (item, send) => item.as === 'environment' ? answer : send(item));
    for (const call of [ASSERT, ON, OFF]) {
      const {decision, summary, advice} = await quick(call, kosli);
      assert.equal(decision, 'error');
      // In the core's words: that nothing was changed need not be said where nothing was tried.
      assert.doesNotMatch(`${summary}${advice}`, /nothing was changed|to finish/);
      assert.match(advice, /look again|try again/);
    }
    assert.deepEqual(kosli.sent, []);
  }
});

// Sent until nobody can still hope that it went through, or once where Kosli has said no.
for (const [type, result, times] of [
  ['attest', {status: 202}, 4], ['attest', {status: 299}, 4], ['attest', {status: 500}, 4], ['attest', {status: 503}, 4],
  ['attest', {status: 499}, 1], ['attest', {status: 501}, 1], ['attest', {status: 300}, 1], ['attest', {status: 400}, 1],
  ['attest', {exit_code: 1}, 1], ['attest', {error: 'gone'}, 1], ['attest', {error: 'gone', uncertain: true}, 4],
  ['begin_trail', {status: 204}, 4], ['begin_trail', {status: 500}, 1], ['tag_environment', {status: 503}, 1],
]) {
  test(`${type} that ends with ${JSON.stringify(result)} is sent ${times === 1 ? 'once' : `${times} times`}`, async t => {
    const answer = {body: '', stdout: '', stderr: '', ...result};
    const kosli = await localKosli(t, (item, send) => item.type === type ? answer : send(item));
    const {decision, reason, slept} = await quick(ON, kosli);
    assert.deepEqual([decision, reason, kosli.sent.filter(sent => sent === type).length], ['error', 'command_failed', times]);
    const waits = slept.filter(wait => wait >= 1000);
    assert.deepEqual(waits, [1000, 2000, 4000].slice(0, times - 1));
  });
}

test('a run that wrote and cannot look any more says what it wrote, and how to finish', async t => {
  let blind = false;
  const kosli = await localKosli(t, (item, send) => blind && item.as === 'environment' ? {error: 'connect ECONNREFUSED'} : send(item));
  const onEvent = ({type}) => { blind ||= type === 'command'; };
  const on = await quick(ON, kosli, {onEvent});
  assert.deepEqual([on.decision, on.reason, on.done.length, on.rounds], ['error', 'unreadable_environment', 4, 2]);
  assert.match(on.summary, new RegExp(`: connect ECONNREFUSED; done before: tag prod, create flow prod-nodeploy, begin trail ${ID}, attest nodeploy-on on trail ${ID}$`));
  assert.equal(on.advice, `to finish: nodeploy -e prod --reason why --by steve on --freeze ${ID}`);
  blind = false;
  const off = await quick(OFF, kosli, {onEvent});
  assert.match(off.summary, new RegExp(`; done before: attest nodeploy-off on trail ${ID}, tag prod$`));
  assert.equal(off.advice, `to finish: nodeploy -e prod --by steve off --freeze ${ID}`);
});

test('a freeze that runs out while it is being set is left to sync', async t => {
  const times = ['10:44:48', '10:46:00'];
  const clock = () => new Date(`2024-10-31T${times.length > 1 ? times.shift() : times[0]}Z`);
  const call = {...ON, action: {...ON.action, until: '2024-10-31T10:45:00Z'}};
  const {decision, reason, summary, advice} = await quick(call, await localKosli(t), {clock});
  assert.deepEqual([decision, reason, advice], ['error', 'until_passed', 'to finish: nodeploy -e prod sync']);
  assert.match(summary, /; done before: tag prod, /);
});

test('a wrong call is an error of the core, a wrong use throws', async t => {
  const kosli = await localKosli(t);
  assert.equal((await quick({...ON, environment: '../x'}, kosli)).reason, 'bad_name');
  assert.equal((await quick({environment: 'prod', action: {type: 'on', reason: ' '}}, kosli)).reason, 'no_reason');
  assert.equal((await quick({environment: 'prod', action: {type: 'on', raeson: 'x'}}, kosli)).reason, 'bad_call');
  await assert.rejects(run(ON), /needs a `kosli`/);
  await assert.rejects(run({...ON, environment: {name: 'prod', tags: {}}}, {kosli}), /environment's name/);
});
