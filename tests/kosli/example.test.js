// The Rust examples of core/examples, built and run as a user would: with the real kosli CLI, on the local Kosli.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {serve, temporaryFolder} from '../../npm/test/local-kosli.js';
import {program, skip} from './cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('a host and a gate in Rust freeze, refuse and lift', {skip}, async t => {
  const built = await run('cargo', ['build', '--quiet', '--locked', '--package', 'freeze-core', '--examples', '--message-format', 'json'], {cwd: root});
  assert.equal(built.code, 0, built.stderr);
  const example = name => JSON.parse(built.stdout.split('\n').find(line => line.includes(`"kind":["example"]`) && line.includes(`"name":"${name}"`))).executable;
  const server = await serve(t);
  const env = {
    HOME: temporaryFolder(t), PATH: path.dirname(program) + path.delimiter + process.env.PATH,
    KOSLI_HOST: server.url, KOSLI_ORG: server.org, KOSLI_API_TOKEN: server.token, NO_PROXY: '127.0.0.1',
  };
  const host = action => run(example('host'), ['prod-aws', JSON.stringify(action)], {env});
  const gate = async () => {
    const {stdout} = await run(program, ['get', 'env', 'prod-aws', '--output', 'json'], {env});
    return run(example('gate'), ['prod-aws'], {env}, stdout);
  };
  await run(program, ['create', 'env', 'prod-aws', '--type', 'K8S'], {env});
  const summary = 'prod-aws is not frozen\n';
  for (const asked of [await host({type: 'assert'}), await gate()]) assert.deepEqual([asked.code, asked.stdout], [0, summary]);
  const frozen = await host({type: 'on', reason: 'database migration', by: 'steve'});
  assert.equal(frozen.code, 0, frozen.stderr);
  assert.match(frozen.stdout, /^freezing prod-aws as \S+~steve: database migration$/m);
  for (const asked of [await host({type: 'assert'}), await gate()]) {
    assert.equal(asked.code, 1);
    assert.match(asked.stdout, /^prod-aws is frozen since .* by steve: database migration$/m);
  }
  assert.equal((await host({type: 'off', by: 'mary'})).code, 1);
  assert.equal((await host({type: 'off', by: 'steve', reason: 'done'})).code, 0);
  assert.equal((await gate()).code, 0);
  assert.equal((await run(example('gate'), ['prod-aws'], {env}, '')).code, 2);
});

function run(file, args, options, input) {
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, {maxBuffer: 1e8, ...options}, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({code: error?.code ?? 0, stdout, stderr});
    });
    child.stdin.on('error', () => {}); // it may end without having read it
    child.stdin.end(input);
  });
}
