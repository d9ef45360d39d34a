// Tables for a terminal: as wide as it says, whole where it does not say.
import assert from 'node:assert/strict';
import test from 'node:test';
import {cut, tableLines, widthOfTerminal} from '../cli/columns.js';
import {fleetLines, fleetTable} from '../cli/fleet.js';

const TABLE = {heads: ['environment', 'why'], rows: [['prod-aws', 'payments down']]};

for (const [what, stream, line] of [
  ['a terminal', {isTTY: true, columns: 18}, 'prod-aws     paym…'],
  ['a terminal that does not say how wide it is', {isTTY: true, columns: 0}, 'prod-aws     payments down'],
  ['no terminal', {columns: 18}, 'prod-aws     payments down'],
]) {
  test(`${what}: ${line}`, () => assert.equal(tableLines(TABLE, {width: widthOfTerminal(stream)})[1], line));
}

const row = more => ({
  environment: 'prod-aws', type: 'K8S', of: [], decision: 'refuse', reason: 'frozen', by: 'steve', why: 'database migration of payments', since: '2026-11-29T15:35:02Z',
  until: '2026-11-29T17:00:00Z', freezes: 1, windows: [], opens_at: '2026-11-29T17:00:00Z', closes_at: null, ...more,
});
const open = more => row({decision: 'proceed', reason: 'not_frozen', by: null, why: null, since: null, until: null, freezes: 0, opens_at: null, ...more});
const short = [row(), open({environment: 'staging'})];
const closing = [row(), open({environment: 'staging', closes_at: '2026-12-24T17:00:00Z'})];
const long = [row({by: 'github-actions[bot] on behalf of maya.fernandez', freezes: 3}), open({environment: 'production-payments-eu-west-1'})];

// Who and why stay in sight, whatever else has to go.
for (const [what, rows, width, heads, first] of [
  ['short', short, 60, 'environment  state   by     until             why', 'prod-aws     frozen  steve  2026-11-29 17:00  database migr…'],
  ['short', short, 80, 'environment  state   by     since             until             why', 'prod-aws     frozen  steve  2026-11-29 15:35  2026-11-29 17:00  database migrat…'],
  ['short', short, 120, 'environment  state   by     since             until             next                    why', 'prod-aws     frozen  steve  2026-11-29 15:35  2026-11-29 17:00  opens 2026-11-29 17:00  database migration of payments'],
  ['one closes', closing, 80, 'environment  state   by     next                     why', 'prod-aws     frozen  steve  opens 2026-11-29 17:00   database migration of paym…'],
  ['long names', long, 60, 'environment               state   by            why', 'prod-aws                  frozen  github-a… +2  database mi…'],
  ['long names', long, 80, 'environment             state   by            until             why', 'prod-aws                frozen  github-a… +2  2026-11-29 17:00  database migrat…'],
]) {
  test(`${what}, in ${width} columns`, () => {
    const lines = fleetLines(rows, {width});
    assert.deepEqual(lines.slice(0, 2), [heads, first]);
    assert.ok(lines.every(line => line.length <= width));
  });
}

test('a log has all of it', () => {
  assert.match(fleetLines(long, {})[1], /^prod-aws +frozen +github-actions\[bot\] on behalf of maya\.fernandez \+2 +2026-11-29 15:35 +2026-11-29 17:00 +opens 2026-11-29 17:00 +database migration of payments$/);
});

for (const [what, more, until] of [
  ['one freeze', {}, '2026-11-29T17:00:00Z'],
  ['one freeze, behind which a window closes', {windows: ['weekend'], opens_at: '2026-11-30T08:00:00Z'}, '2026-11-29T17:00:00Z'],
  ['of several freezes, one without an end', {freezes: 3, opens_at: null}, null],
  ['of several freezes, the last one', {freezes: 2, opens_at: '2026-11-30T08:00:00Z'}, '2026-11-30T08:00:00Z'],
  ['of several windows, the last one', {reason: 'freeze_window', by: null, freezes: 0, windows: ['a', 'b'], opens_at: '2026-11-30T08:00:00Z'}, '2026-11-30T08:00:00Z'],
]) {
  test(`until when: ${what}`, () => {
    const {heads, rows} = fleetTable([row(more), row({environment: 'staging'})]);
    assert.equal(rows[0][heads.indexOf('until')], until === null ? '' : until.replace(/^(.*)T(.*):00Z$/, '$1 $2'));
  });
}

for (const [text, width, shown] of [
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
  ['🚀a', 3, '🚀a'],
  ['abc', 1, '…'],
]) {
  test(`${text} in ${width} columns: ${shown}`, () => assert.equal(cut(text, width), shown));
}
