// The journal: what was answered is on disk and comes back; what is damaged is named, never guessed at.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {mock, test} from 'node:test';
import {openLocal, startLocal} from '../local/index.js';
import {createEnvironment, getEnvironment, journalIn, linesIn, reads, story, tag, told} from './local-journal-story.js';
import {ask, start, temporaryFolder} from './local-kosli.js';

test('a replay gives the same documents, whoever opens it', async t => {
  const dir = temporaryFolder(t);
  const before = (await told(dir, [...story, ...reads])).slice(story.length);
  assert.deepEqual(new Set(before.map(({status}) => status)), new Set([200]));
  assert.deepEqual(await told(dir, reads, {org: undefined, user: 'bob'}), before);
  assert.equal(linesIn(dir).length, 1 + story.length, 'one line for each accepted write');
  await told(dir, [getEnvironment, {...tag('bad key')}, {...createEnvironment, json: {}}]);
  assert.equal(linesIn(dir).length, 1 + story.length, 'none for a read or a refusal');
});

test('a line cut short is dropped, wherever it was cut', async t => {
  const origin = temporaryFolder(t);
  await told(origin, [createEnvironment, tag('kept'), tag('cut', 'é🚦')]);
  const bytes = fs.readFileSync(journalIn(origin));
  const whole = bytes.lastIndexOf(0x0A, bytes.length - 2) + 1;
  const tails = [];
  for (let end = whole + 1; end < bytes.length; end++) tails.push(bytes.subarray(whole, end));
  tails.push(Buffer.alloc(1), Buffer.alloc(5000), Buffer.concat([bytes.subarray(whole, whole + 30), Buffer.alloc(4096)]), Buffer.from([0xFF]));
  const dir = temporaryFolder(t);
  for (const tail of tails) {
    fs.writeFileSync(journalIn(dir), Buffer.concat([bytes.subarray(0, whole), tail]));
    const warnings = [];
    const [environment] = await told(dir, [getEnvironment], {onWarning: text => warnings.push(text)});
    assert.deepEqual(JSON.parse(environment.body).tags, {kept: ''});
    assert.deepEqual(warnings, [`${journalIn(dir)}: dropped the last ${tail.length} bytes, a line cut short before it was answered`]);
    assert.deepEqual(fs.readFileSync(journalIn(dir)), bytes.subarray(0, whole));
  }
  await told(dir, [tag('later')]);
  assert.deepEqual(JSON.parse((await told(dir, [getEnvironment]))[0].body).tags, {kept: '', later: ''});
});

test('a first line cut short begins anew, another file does not', async t => {
  const dir = temporaryFolder(t);
  await told(dir, []);
  const first = fs.readFileSync(journalIn(dir));
  const cuts = Array.from({length: first.length - 1}, (_, index) => first.subarray(0, index + 1));
  for (const cut of [...cuts, Buffer.alloc(100), Buffer.concat([first.subarray(0, 10), Buffer.alloc(100)])]) {
    fs.writeFileSync(journalIn(dir), cut);
    const warnings = [];
    await told(dir, [], {onWarning: text => warnings.push(text)});
    assert.equal(warnings.length, 1);
    assert.deepEqual(fs.readFileSync(journalIn(dir)), first);
  }
  for (const other of ['{"my":"file"}', 'x', '{"journal":"nodeploy', '\n'].filter(text => !first.toString().startsWith(text))) {
    fs.writeFileSync(journalIn(dir), other);
    await assert.rejects(told(dir, []), {message: new RegExp(`journal\\.jsonl:1: this line is damaged`)}, other);
    assert.equal(fs.readFileSync(journalIn(dir), 'utf8'), other);
  }
});

test('any other damage is an error that names file and line', async t => {
  const dir = temporaryFolder(t);
  await told(dir, story);
  const lines = linesIn(dir);
  const swapped = (at, with_) => lines.with(at, lines[with_]).with(with_, lines[at]);
  const cases = [
    ['a missing line', 4, lines.toSpliced(3, 1)],
    ['a missing first line', 1, lines.slice(1)],
    ['a line twice', 5, lines.toSpliced(4, 0, lines[3])],
    ['two lines swapped', 3, swapped(2, 3)],
    ['a foreign line', 3, lines.toSpliced(2, 0, '{"write":"tags"}')],
    ['an empty line', 3, lines.toSpliced(2, 0, '')],
    ['a line joined to the next', 3, lines.toSpliced(2, 2, lines[2] + lines[3])],
    ['a line cut in the middle of the file', 3, lines.with(2, lines[2].slice(0, -30))],
    ['zeros in the middle', 3, lines.with(2, '\0'.repeat(lines[2].length))],
    ['CR LF', 1, lines.map(line => `${line}\r`)],
    ['a byte order mark', 1, lines.with(0, `\uFEFF${lines[0]}`)],
    ['a broken letter that would read the same', 10, Buffer.from(`${lines.join('\n')}\n`.replace('\uFFFD', '\0')).map(byte => byte || 0xFF)],
    ['a later version, well sealed', 1, await sealed([{journal: 'nodeploy local', version: 2, org: 'acme'}])],
    ['another journal, well sealed', 1, await sealed([{journal: 'something else', version: 1}])],
    ['an unknown write, well sealed', 2, await sealed([{journal: 'nodeploy local', version: 1, org: 'acme'}, {at: 1, write: 'constructor'}])],
    ['a write to nothing, well sealed', 2, await sealed([{journal: 'nodeploy local', version: 1, org: 'acme'}, {at: 1, write: 'tags', kind: 'flows', name: 'f', set: {}, remove: []}])],
    ...lines.map((line, at) => [`a changed letter in line ${at + 1}`, at + 1, lines.with(at, line.replace(/"(?=[^"]*$)/, '\'').replace(/[a-z](?=[^a-z]*$)/, 'Z'))]),
  ];
  // Any single byte, changed to any other: at every 7th place, for time.
  const text = Buffer.from(`${lines.join('\n')}\n`);
  for (let at = 0; at < text.length - 1; at += 7) {
    const changed = Buffer.from(text);
    changed[at] ^= 1 + at % 255;
    cases.push([`byte ${at} changed`, text.subarray(0, at).filter(byte => byte === 0x0A).length + 1, changed]);
  }
  for (const [what, number, content] of cases) {
    const damaged = Buffer.isBuffer(content) ? content : Buffer.from(`${content.join('\n')}\n`);
    fs.writeFileSync(journalIn(dir), damaged);
    await assert.rejects(told(dir, []), error => {
      const [, named] = /journal\.jsonl:(\d+): this line is damaged \(.+\); restore the file from a backup, or use another folder$/s.exec(error.message) ?? assert.fail(`${what}: ${error.message}`);
      assert.equal(Number(named), number, what);
      return true;
    }, what);
    assert.deepEqual(fs.readFileSync(journalIn(dir)), damaged, `${what}: the file is left as it was`);
  }
});

// Lines with right sums, as no crash would leave them.
async function sealed(entries) {
  const {createHash} = await import('node:crypto');
  let sum = '';
  return entries.map(entry => {
    const text = JSON.stringify(entry);
    sum = createHash('sha256').update(sum + text).digest('hex').slice(0, 16);
    return `${text.slice(0, -1)},"sum":"${sum}"}`;
  });
}

test('a folder belongs to one organisation', async t => {
  const dir = temporaryFolder(t);
  await told(dir, []);
  await assert.rejects(told(dir, [], {org: 'other'}), {message: `\`${dir}\` holds the organisation \`acme\`, not \`other\``});
  await assert.rejects(told(dir, [], {org: '../x'}), {message: '`../x` is not a name for an organisation'});
  await told(dir, []); // and is not left locked
});

test('nothing is answered before it is on disk, and what comes meanwhile goes in one', async t => {
  const dir = temporaryFolder(t);
  const local = await openLocal({dir, org: 'acme'});
  t.after(() => local.close());
  await local.send({request: createEnvironment});
  const flushes = [];
  let flushing;
  const begun = () => new Promise(resolve => { flushing = resolve; });
  const disk = mock.method(fs, 'fsync', (descriptor, done) => {
    flushes.push(done);
    flushing();
  });
  t.after(() => disk.mock.restore());
  const answered = [];
  const send = request => local.send({request}).then(({status}) => answered.push(status));

  let next = begun();
  const first = send(tag('first'));
  await next;
  const others = Array.from({length: 20}, (_, index) => send(tag(`t${index}`)));
  const read = send(getEnvironment); // it has seen the others' tags
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual([answered.length, flushes.length], [0, 1]);
  next = begun();
  flushes[0](null);
  await first;
  await next;
  assert.deepEqual([answered.length, flushes.length], [1, 2]);
  flushes[1](null);
  await Promise.all([...others, read]);
  assert.deepEqual([answered.length, flushes.length, linesIn(dir).length], [22, 2, 23]);
});

test('a disk that fails is said, and nothing is written after it', async t => {
  const dir = temporaryFolder(t);
  const server = await startLocal({dir, org: 'acme'});
  t.after(() => server.close());
  const send = ({method, path: requestPath, json}) => ask(server, method, requestPath, {json});
  await send(createEnvironment);
  const disk = mock.method(fs, 'fsync', (descriptor, done) => done(Object.assign(new Error('EIO: i/o error, fsync'), {code: 'EIO'})));
  const message = `${journalIn(dir)} could not be written (EIO: i/o error, fsync); nothing is answered any more: free or replace the disk and start again`;
  assert.deepEqual(await send(tag('lost')), {status: 500, body: {message}});
  disk.mock.restore();
  const length = fs.statSync(journalIn(dir)).size;
  assert.deepEqual(await send(tag('later')), {status: 500, body: {message}});
  // What cannot be saved is not shown either.
  assert.deepEqual(await send(getEnvironment), {status: 500, body: {message}});
  assert.equal(fs.statSync(journalIn(dir)).size, length);
  await server.close();
  assert.equal((await told(dir, [getEnvironment]))[0].status, 200);
});

test('a closed store answers no more', async t => {
  const dir = temporaryFolder(t);
  const local = await openLocal({dir, org: 'acme'});
  const last = local.send({request: createEnvironment});
  await local.close();
  const message = `${journalIn(dir)} was closed`;
  for (const request of [getEnvironment, tag('late')]) assert.deepEqual(await local.send({request}), {status: 500, body: JSON.stringify({message})});
  assert.equal((await last).status, 500, 'it was closed before it was answered');
  assert.equal((await told(dir, [getEnvironment]))[0].status, 200, 'but it was written');
});

for (const [about, lose] of [
  ['removed', dir => fs.rmSync(dir, {recursive: true})],
  ['moved away', dir => fs.renameSync(dir, `${dir}.old`)],
  ['made anew by another one', async dir => {
    fs.rmSync(dir, {recursive: true});
    await told(dir, [createEnvironment]);
  }],
]) {
  test(`a folder ${about} while it is open: nothing is answered any more`, {skip: process.platform === 'win32' && 'open files stay there'}, async t => {
    const dir = path.join(temporaryFolder(t), 'kosli');
    const server = await startLocal({dir, org: 'acme', user: 'alice'});
    t.after(() => server.close());
    assert.equal((await ask(server, 'PUT', createEnvironment.path, {json: createEnvironment.json})).status, 201);
    await lose(dir);
    for (const {method, path: where, json} of [tag('nodeploy'), getEnvironment, tag('again')]) {
      const {status, body} = await ask(server, method, where, {json});
      assert.equal(status, 500);
      assert.match(body.message, /journal\.jsonl was removed or replaced while it was open; nothing is answered any more: start again/);
    }
  });
}

test('two servers on one folder, also by another path: the second one names the first', {skip: process.platform === 'win32' && 'links need rights there'}, async t => {
  const folder = temporaryFolder(t);
  const dir = path.join(folder, 'kosli');
  const first = await startLocal({dir, org: 'acme'});
  t.after(() => first.close());
  fs.symlinkSync(dir, path.join(folder, 'link'));
  for (const other of [dir, path.join(folder, 'link'), `${dir}/../kosli/`]) {
    await assert.rejects(startLocal({dir: other, org: 'acme'}), new RegExp(`still in use by process ${process.pid}`));
  }
  assert.equal((await ask(first, 'PUT', createEnvironment.path, {json: createEnvironment.json})).status, 201);
});

test('a .gitignore among the files of somebody else stays as it is', async t => {
  const dir = temporaryFolder(t);
  fs.writeFileSync(path.join(dir, '.gitignore'), '');
  fs.writeFileSync(path.join(dir, 'readme.md'), '');
  await told(dir, [createEnvironment]);
  assert.equal(fs.readFileSync(path.join(dir, '.gitignore'), 'utf8'), '');
});

test('a tag that is set and removed at once stays, and so it is replayed', async t => {
  const dir = temporaryFolder(t);
  const both = {...tag('nodeploy'), json: {set_tags: {nodeploy: 'new'}, remove_tags: ['nodeploy']}};
  const answers = await told(dir, [createEnvironment, tag('nodeploy', 'old'), both, getEnvironment]);
  for (const {body} of [answers.at(-1), ...await told(dir, [getEnvironment])]) assert.deepEqual(JSON.parse(body).tags, {nodeploy: 'new'});
});
