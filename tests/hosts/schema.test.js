// plugin/schema says what the Rust types say: over every vector and the generated calls.
import assert from 'node:assert/strict';
import {isUtf8} from 'node:buffer';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import {root} from './hosts.js';
import {corpus, temporaryFolder} from './scripts.js';

const names = ['call', 'reads', 'answer'];
const schemas = Object.fromEntries(names.map(name => {
  return [name, JSON.parse(readFileSync(join(root, 'plugin', 'schema', `${name}.schema.json`), 'utf8'))];
}));
const ajv = new Ajv({strict: true, allowUnionTypes: true, formats: {'date-time': true}});
for (const name of names) ajv.addSchema(schemas[name], `${name}.schema.json`);
const valid = Object.fromEntries(names.map(name => [name, ajv.getSchema(`${name}.schema.json`)]));

const folder = temporaryFolder();
after(() => folder.remove());
const calls = [];
before(async () => {
  const {script, answers} = await corpus(folder.path);
  readFileSync(script, 'utf8').split('\n').forEach((line, i) => {
    const [, name, input] = /^(plan|observe) (.*)$/.exec(line) ?? [];
    if (!name) return;
    const text = Buffer.from(input, 'base64');
    calls.push({name, text, answer: JSON.parse(Buffer.from(answers[i].slice(1), 'latin1'))});
  });
});

test('every answer is one', () => {
  for (const {name, text, answer} of calls) {
    const schema = valid[name === 'plan' ? 'answer' : 'reads'];
    assert.ok(schema(answer), `${JSON.stringify(schema.errors)}\n${text}\n${JSON.stringify(answer)}`);
  }
});

// What a schema cannot see: keys that stand twice, lone surrogates, dates that are none, numbers that JavaScript rounds, depth;
// and what two texts of a call mean together.
const UNSEEN = new RegExp([
  'duplicate|twice|surrogate|hex escape|code point|`(now|until|at|needs|claimed_at)` is `|out of range|recursion limit|floating point',
  'fits every change|excludes all of it|only leaves some out|`since` is not the beginning|`by` is blank',
  '`(from|to|delay)` is `|`from` must lie before|a report is about|`resume` is|more has happened than one report|`frozen` asks for the freezes of one',
  'which has the records of|which means something else on the records of',
].join('|'));

test('a call is valid if the core can read it, and not if it cannot', () => {
  const counts = {valid: 0, invalid: 0, no_json: 0};
  for (const {name, text, answer} of calls) {
    if (name !== 'plan') continue;
    const call = json(text);
    const isValid = call !== undefined && valid.call(call);
    counts[call === undefined ? 'no_json' : isValid ? 'valid' : 'invalid']++;
    const said = `${JSON.stringify(valid.call.errors)}\n${text}\n${JSON.stringify(answer)}`;
    if (!isValid) assert.ok(answer.decision === 'error' || isPassedOver(call), said);
    else if (answer.reason === 'bad_call') assert.match(answer.summary, UNSEEN, said);
  }
  for (const [kind, count] of Object.entries(counts)) assert.ok(count >= 100, `only ${count} calls are ${kind}`);
});

// Of a document beside a fresh look at the environment, nothing but its name counts.
const isPassedOver = call => typeof call?.environment === 'object' && call.observed?.environment !== undefined;

test('a gate that has something to write or to wait for does not let through yet', () => {
  let count = 0;
  for (const {name, text, answer} of calls) {
    if (name !== 'plan') continue;
    for (const command of answer.commands) if (command.optional) assert.equal(answer.decision, 'refuse', text);
    if (answer.action?.type !== 'assert' || (answer.commands.length === 0 && answer.pause === null)) continue;
    count++;
    assert.equal(answer.decision, 'refuse', `${text}\n${JSON.stringify(answer)}`);
  }
  assert.ok(count >= 20, `only ${count} gates write`);
});

test('every reason and every warning that was met is listed', () => {
  const {properties, $defs} = schemas.answer;
  const met = {reasons: new Set(), codes: new Set()};
  for (const {name, answer} of calls) {
    if (name !== 'plan') continue;
    met.reasons.add(answer.reason);
    for (const {code} of answer.warnings) met.codes.add(code);
  }
  assert.deepEqual([...met.reasons].filter(reason => !properties.reason.examples.includes(reason)), []);
  const known = $defs.warning.properties.code.examples;
  assert.deepEqual([...met.codes].filter(code => !known.includes(code)), []);
});

// For the core every known key that is null is one left out; the schema has null where it means something.
const KEYS = new Set(['action', 'now', 'observed', 'settings', 'policy', 'reason', 'org', 'tag', 'flow']);

function json(bytes) {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes), (key, value) => value === null && KEYS.has(key) ? undefined : value);
  } catch {
    return undefined;
  }
}
