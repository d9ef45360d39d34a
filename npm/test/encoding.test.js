// Calendars in other encodings, and folded within a character, as older programs write them.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {gzipSync} from 'node:zlib';
import {plan} from '../core.js';
import {readPolicy} from '../index.js';
import {temporaryFolder} from './local-kosli.js';

const TEXT = 'aé€🚦z';
const calendarOf = summary => Buffer.concat([
  Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:'), summary, Buffer.from('\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'),
]);

/** The policy as it is read with these bytes for its calendar, or the error. */
async function read(t, bytes) {
  const folder = temporaryFolder(t);
  const policy = {windows: [{name: 'a', effect: 'freeze', environments: ['*'], timezone: 'UTC', calendar: 'c.ics'}]};
  writeFileSync(join(folder, 'nodeploy.json'), JSON.stringify(policy));
  writeFileSync(join(folder, 'c.ics'), bytes);
  return readPolicy(join(folder, 'nodeploy.json')).catch(error => error);
}

const OPEN = {environment: {stdout: JSON.stringify({name: 'prod', type: 'K8S', tags: {}}), exit_code: 0, stderr: ''}};
const unfolded = text => text.replace(/\r?\n[ \t]|\r[ \t]/g, '');

for (const end of ['\r\n ', '\r\n\t', '\n ', '\n\t']) {
  test(`folded by ${JSON.stringify(end)} at each byte`, async t => {
    const bytes = Buffer.from(TEXT);
    for (let at = 1; at < bytes.length; at++) {
      const policy = await read(t, calendarOf(Buffer.concat([bytes.subarray(0, at), Buffer.from(end), bytes.subarray(at)])));
      const text = policy.calendars?.['c.ics'];
      assert.equal(unfolded(text ?? policy.message), calendarOf(bytes).toString(), `at ${at}`);
      assert.equal(text.split('\n').length, 8, 'the lines keep their numbers');
      const {decision, reason} = plan({environment: 'prod', action: {type: 'windows', at: '2026-12-25T11:00:00Z'}, policy, now: '2026-12-01T00:00:00Z', observed: OPEN});
      assert.notEqual(decision, 'error', reason);
    }
    const all = Buffer.concat([...bytes].flatMap(byte => [Buffer.from([byte]), Buffer.from(end)]).slice(0, -1));
    assert.equal(unfolded((await read(t, calendarOf(all))).calendars['c.ics']), calendarOf(bytes).toString());
  });
}

test('what is UTF-8 stays as it is written, folds and all', async t => {
  const bytes = calendarOf(Buffer.from('é\r\n €\n\tx\r\n  z'));
  assert.equal((await read(t, bytes)).calendars['c.ics'], bytes.toString());
});

test('what begins like a packed file but for a byte is none', async t => {
  for (const bytes of ['1E8B08', '1F8A08', '514B0304', '504A0304', '504B0404', '504B0305']) {
    const {message} = await read(t, Buffer.from(`${bytes}FF`, 'hex'));
    assert.match(message, /it is not UTF-8 text/, bytes);
  }
});

for (const [encoding, bytes, words, advice] of [
  ['UTF-16, little end first', Buffer.from(`\uFEFF${calendarOf(Buffer.from('x'))}`, 'utf16le'), 'it is UTF-16 text, and must be UTF-8', 'iconv -f UTF-16 -t UTF-8'],
  ['UTF-16, big end first', Buffer.from(`\uFEFF${calendarOf(Buffer.from('x'))}`, 'utf16le').swap16(), 'it is UTF-16 text, and must be UTF-8', 'iconv -f UTF-16 -t UTF-8'],
  ['UTF-16 without a mark', Buffer.from(`${calendarOf(Buffer.from('x'))}`, 'utf16le'), 'it is UTF-16LE text, and must be UTF-8', 'iconv -f UTF-16LE -t UTF-8'],
  ['gzip', gzipSync(calendarOf(Buffer.from('x'))), 'it is packed by gzip, and must be text', 'gunzip'],
  ['zip', Buffer.from('504B030414000000FF', 'hex'), 'it is packed by zip, and must be text', 'unzip'],
  ['UTF-32', Buffer.from('FFFE000042000000', 'hex'), 'it is UTF-32 text, and must be UTF-8', 'iconv -f UTF-32 -t UTF-8'],
  ['Latin-1', calendarOf(Buffer.from('Münchner Straße', 'latin1')), 'it is not UTF-8 text: by line 4 (0xFC) it looks like Latin-1 or Windows-1252', 'iconv -f WINDOWS-1252 -t UTF-8'],
  ['Windows-1252', calendarOf(Buffer.from('10 \x80', 'latin1')), 'it is not UTF-8 text: by line 4 (0x80) it looks like Windows-1252', 'iconv -f WINDOWS-1252 -t UTF-8'],
  ['a damaged one', calendarOf(Buffer.from('ü \xC3(', 'latin1')), 'it is not UTF-8 text: by line 4 (0xFC) it looks like Latin-1 or Windows-1252', 'iconv'],
  ['a character cut short', calendarOf(Buffer.concat([Buffer.from('é '), Buffer.from([0xE2, 0x82]), Buffer.from('(')])), 'it is not UTF-8 text: line 4 has a broken character', 'export it again'],
  ['a byte of zero', calendarOf(Buffer.from('a\0b')), 'it is not UTF-8 text: line 4 has a NUL byte', 'export it again'],
  ['zeros behind it', Buffer.concat([calendarOf(Buffer.from('x')), Buffer.alloc(9)]), 'it is not UTF-8 text: line 7 has a NUL byte', 'export it again'],
  ['a fold after a whole character', calendarOf(Buffer.concat([Buffer.from('é\r\n '), Buffer.from([0xA9])])), 'it is not UTF-8 text: line 5 has a broken character (0xA9)', 'export it again'],
]) {
  test(`${encoding} is named`, async t => {
    const error = await read(t, bytes);
    assert.equal(error.reason, 'bad_policy');
    assert.ok(error.message.includes(`c.ics: ${words}`), error.message);
    assert.ok(error.advice.includes(advice), error.advice);
  });
}
