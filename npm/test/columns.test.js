// Tables for a terminal: as wide as it says, whole where it does not say.
import assert from 'node:assert/strict';
import test from 'node:test';
import {tableLines, widthOfTerminal} from '../cli/columns.js';

const TABLE = {heads: ['environment', 'why'], rows: [['prod-aws', 'payments down']]};

for (const [what, stream, line] of [
  ['a terminal', {isTTY: true, columns: 18}, 'prod-aws     paym…'],
  ['a terminal that does not say how wide it is', {isTTY: true, columns: 0}, 'prod-aws     payments down'],
  ['no terminal', {columns: 18}, 'prod-aws     payments down'],
]) {
  test(`${what}: ${line}`, () => assert.equal(tableLines(TABLE, {width: widthOfTerminal(stream)})[1], line));
}
