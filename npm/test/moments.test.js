// Times as people read them: in UTC, and in the zone where it tells something else, as Intl has it.
import assert from 'node:assert/strict';
import test from 'node:test';
import {inZone, moment, onTheWall} from '../cli/moments.js';

const CASES = [
  ['2026-12-24T17:00:00Z', 'Europe/Berlin', '2026-12-24 17:00 UTC (18:00 Europe/Berlin)'],
  ['2026-12-24T17:00:00.250+00:00', 'Europe/Berlin', '2026-12-24 17:00 UTC (18:00 Europe/Berlin)'],
  ['2026-12-24T17:00:30Z', 'Asia/Kolkata', '2026-12-24 17:00:30 UTC (22:30:30 Asia/Kolkata)'],
  ['2026-12-24T23:00:00Z', 'Pacific/Kiritimati', '2026-12-24 23:00 UTC (2026-12-25 13:00 Pacific/Kiritimati)'],
  ['2026-12-24T17:00:00Z', 'Europe/London', '2026-12-24 17:00 UTC'],
  ['2026-12-24T17:00:00Z', 'UTC', '2026-12-24 17:00 UTC'],
  ['2026-12-24T17:00:00Z', 'Middle-earth/Shire', '2026-12-24 17:00 UTC'],
  ['2026-12-24T17:00:00Z', undefined, '2026-12-24 17:00 UTC'],
  ['+010000-01-01T00:00:00Z', 'UTC', '+010000-01-01T00:00:00Z'],
  ['soon', 'UTC', 'soon'],
];
for (const [time, zone, shown] of CASES) test(`${time}, ${zone}`, () => assert.equal(moment(time, zone), shown));

test('every zone that Node knows shows the same', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    for (const time of ['2024-02-29T23:59:59Z', '2019-07-01T12:00:00Z']) {
      const {weekday, year, month, day, hour, minute, second} = Object.fromEntries(new Intl.DateTimeFormat('en-US', {
        timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
      }).formatToParts(new Date(time)).map(({type, value}) => [type, value]));
      assert.deepEqual(inZone(time, zone), {...onTheWall(`${year}-${month}-${day}T${hour}:${minute}:${second}`), weekday}, zone);
    }
  }
});
