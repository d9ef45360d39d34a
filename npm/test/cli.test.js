// What cannot be carried out is said, with what would do, and is exit code 2.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import test from 'node:test';
import {CLI, node, nodeploy} from './child.js';
import {KOSLI} from './cli-kosli.js';

// What cannot be carried out says what is wrong, and what would do. Nothing is asked of anybody.
for (const [args, words, env = {}] of [
  [[], /nothing to do\nsay one of: on, off/],
  [['freeze'], /there is no `freeze`\ndid you mean on\?/],
  [['asert'], /there is no `asert`\ndid you mean assert\?/],
  [['of'], /there is no `of`\ndid you mean off\?/],
  [['exceptions'], /did you mean except\?/],
  [['stat'], /did you mean status\?/],
  [['true'], /there is no `true`\nwrite "on" in quotes: without them YAML takes it for true/],
  [['false'], /there is no `false`\nwrite "off" in quotes/],
  [['re'], /there is no `re`\nsay one of/],
  [['-r', 'payments', '--until', '2', 'hours', 'on'], /there is no `hours`\na span is one word: 90m, 2h30m, 3d/],
  [['-r', 'payments', 'down', 'on'], /there is no `down`\na text of several words goes into quotes: -r 'payments down'/],
  [['prod', 'assert'], /there is no `prod`\nan environment is named with -e: -e prod/, {NODEPLOY_ENV: ''}],
  [['--env', 'prod', 'assert'], /no option `--env`\ndid you mean --environment\?/],
  [['-env', 'prod', 'assert'], /`-env` is no option: .* two dashes\ndid you mean --environment\?/],
  [['on', '-r', 'x', '-until=2h'], /`-until` is no option: .*\ndid you mean --until=2h\?/],
  [['-help'], /did you mean --help\?/],
  [['-e=prod', 'assert'], /-e takes no `=`\nwrite -e prod$/m],
  [['-r=payments down', 'on'], /-r takes no `=`\nwrite -r 'payments down'$/m],
  [['on', '-m', 'x'], /no option `-m`\ndid you mean --reason\?/],
  [['on', '-r', 'x', '--for', '2h'], /did you mean --until\?/],
  [['off', '-y'], /did you mean --yes\?/],
  [['assert', '--api-token', 'x'], /no option `--api-token`\nthe token goes into KOSLI_API_TOKEN/],
  [['verison'], /there is no `verison`\ndid you mean version\?/],
  [['?'], /there is no `\?`\nsay one of: on, off, .*, local \(nodeploy --help shows more\)/],
  [['on', 'help'], /unexpected argument `help` after `on`\nits help: nodeploy on --help/],
  [['on', '-h'], /-h goes alone, .*\n.*the help is `nodeploy on --help`/],
  [['-e', 'prod', 'on', '--help'], /--help goes alone, .*\n.*run `nodeploy on --help`/],
  [['-E', 'prod', 'assert'], /there is no option `-E`\ndid you mean -e\?/],
  [['help', 'completion', 'bash'], /`completion` comes first, .*\nnodeploy completion --help shows it/],
  [['on', 'prod', '-r', 'x'], /unexpected argument `prod` after `on`\nan environment is named with -e: -e prod; .*goes into quotes/],
  [['-e', 'prod', 'on', 'db migration'], /unexpected argument `db migration` after `on`\na reason is given with -r: -r 'db migration'/],
  [['-e', 'prod', 'on', '-r', 'database', 'migration'], /unexpected argument `migration` after `on`\na text of several words goes into quotes/],
  [['-r', 'on'], /`on` was taken for the value of --reason, so there is no verb\ngive --reason a value: --reason REASON on/],
  [['assert', ''], /unexpected empty argument after `assert`\nis a variable in quotes not set\?/],
  [['', 'assert'], /the first word is empty\nis a variable not set\?/],
  [['-e', '', 'assert'], /-e is given an empty value\nis a variable not set\?/],
  [['--environment=', 'assert'], /the environment is missing/],
  [['--policy', '', 'assert'], /--policy is given an empty value\n.*for no policy write --policy=/],
  [['--by', '', 'on', '-r', 'x'], /--by is given an empty value\n.*for nobody write --by=/],
  [['off', '--freeze='], /--freeze is given an empty value/],
  [['assert', '--host='], /--host is given an empty value/],
  [['assert', '-o', 'yaml'], /--output `yaml` is neither json nor table/],
  [['assert', '--timeout', '0s'], /--timeout is 0/],
  [['assert', '--timeout', '60'], /--timeout `60` is not a valid span of time\n.*30s/],
  [['on', '--reson', 'x'], /no option `--reson`\ndid you mean --reason\?/],
  [['on', '-x'], /no option `-x`/],
  [['on', '-r'], /-r needs a value\nwrite -r REASON$/m],
  [['assert', '--policy'], /--policy needs a value\nwrite --policy FILE$/m],
  [['assert', '-o'], /-o needs a value\nwrite -o json$/m],
  [['on', '-r', '--until', '2h'], /-r needs a value, and `--until` looks like an option\nif it is the value, write --reason=--until/],
  [['on', '-r', 'a', '-r', 'b'], /--reason is given twice/],
  [['on'], /needs a reason\n.*-r "database migration" \(or NODEPLOY_REASON\)\nnodeploy: nothing was done \(exit 2\)/],
  [['on', '-r', 'x', '--by', 'steve'], /organisation is missing\n.*\nnodeploy: nothing was done \(exit 2\)/, {KOSLI_ORG: ''}],
  [['on', '-r', 'x', '--util', '2h'], /did you mean --until\?\nnodeploy: nothing was done \(exit 2\)/],
  [['assert', '--util', '2h'], /did you mean --until\?\nnodeploy: could not decide \(exit 2\)/],
  [['-e', '!prod', '-e', '!qa', 'assert'], /-e !prod,!qa only leaves out\nall others are -e '\*,!prod,!qa'/],
  [['assert'], /ECONNREFUSED/, {npm_config_needs: '20m'}],
  [['assert'], /-e !prod only leaves out/, {NODEPLOY_ENV: '!prod'}],
  [['on', '-r', '  '], /needs a reason/],
  [['assert', '--claim', '--change', 'commit=4f1c2ab', '--run', 'ID'], /--run is `ID`, which only stands for what is meant\nwrite that in its place\n/],
  [['assert'], /NODEPLOY_RUN is `ID`, which only stands/, {NODEPLOY_RUN: 'ID'}],
  [['on', '-r', 'REASON'], /--reason is `REASON`, which only stands/],
  [['on', '-r', 'why', '--by', 'NAME'], /--by is `NAME`, which only stands/], [['off', '--freeze', 'ID'], /--freeze is `ID`, which only stands/],
  [['assert'], /NODEPLOY_RUN is `\$\(Build\.BuildId\)`, a variable that nobody has filled in\nis it not set, .*\nnodeploy: could not decide/, {NODEPLOY_RUN: '$(Build.BuildId)'}],
  [['assert', '--run', 'tekton:$(context.taskRun.uid)', '--claim'], /--run has `\$\(context\.taskRun\.uid\)` in it, .*each run may be the same one/],
  [['assert', '--change', 'kind=${{ inputs.kind }}'], /--change is `kind=\$\{\{ inputs\.kind \}\}`, a variable/],
  [['on', '-r', 'x'], /NODEPLOY_BY is `\$GITLAB_USER_LOGIN`, a variable .*\n.*\nnodeploy: nothing was done/, {NODEPLOY_BY: '$GITLAB_USER_LOGIN'}],
  [['on', '-r', 'x', '--by', 'steve'], /organisation is missing/, {KOSLI_ORG: '', NODEPLOY_BY: '$GITLAB_USER_LOGIN'}], // the option goes first
  [['off', '--by', '%USERNAME%'], /--by is `%USERNAME%`, a variable/],
  [['on', '-r', '$(REASON)', '--by', 'steve'], /--reason is `\$\(REASON\)`, a variable/],
  [['on', '-r', 'x', '--by', 'steve', '--except', 'kind=$KIND'], /--except is `kind=\$KIND`, a variable/],
  [['assert'], /the Kosli API token is a variable that nobody has filled in\nlook at KOSLI_API_TOKEN\n/, {KOSLI_API_TOKEN: '$(KOSLI_READ_TOKEN)'}],
  [['assert'], /the Kosli organisation is `\$\{ORG\}`, a variable that nobody has filled in\nlook at --org and KOSLI_ORG/, {KOSLI_ORG: '${ORG}'}],
  [['on', '-r', 'x', '--until', 'tomorrow'], /--until `tomorrow` is not a valid time\n.*90m, 2h30m, 3d/],
  [['on', '-r', 'x', '--until', '2024-13-01T09:00:00'], /is not a valid time\n.*with its zone/],
  [['on', '-r', 'x', '--freeze', 'a', '--freeze', 'b'], /takes up one freeze/],
  [['on', '-r', 'x', '--all'], /--all does not go with `on`\n--all goes with: off/],
  [['off', '--all', '--freeze', 'a'], /--all and --freeze exclude each other/],
  [['off', '--all=yes'], /--all takes no value/],
  [['assert', '--until', '2h'], /--until does not go with `assert`/],
  [['assert', '--via', 'ftp'], /--via `ftp` is neither http nor cli/],
  [['assert', '--program', 'x'], /--program goes with --via cli/],
  [['assert', '--local', 'x', '--host', 'https://x'], /two different Koslis/],
  [['assert', '--local', ''], /--local names no folder\n.*--local \.\/sandbox/],
  [['assert', '--local='], /--local names no folder/],
  [['assert', '--port', '1'], /no option `--port`/],
  [['-e', 'prod', 'local'], /`local` comes first/],
  [['assert'], /the environment is missing\nset NODEPLOY_ENV or pass -e$/m, {NODEPLOY_ENV: ''}],
  [['sync'], /the environment is missing\n.*: nodeploy --all-environments sync$/m, {NODEPLOY_ENV: ''}],
  [['assert'], /organisation is missing\nset KOSLI_ORG or pass --org; or try it without Kosli: --local DIR$/m, {KOSLI_ORG: '', CI: ''}],
  [['assert'], /organisation is missing\nset KOSLI_ORG or pass --org$/m, {KOSLI_ORG: '', CI: 'true'}],
  [['assert'], /token is missing\nset KOSLI_API_TOKEN/, {KOSLI_API_TOKEN: ''}],
  [['assert'], /token holds a character/, {KOSLI_API_TOKEN: 'secret-token\n'}],
  [['assert'], /did you mean `https:\/\/kosli\.example`\?\nlook at --host and KOSLI_HOST$/m, {KOSLI_HOST: 'kosli.example'}],
  [['assert'], /in the open/, {KOSLI_HOST: 'http://kosli.example'}],
  [['assert'], /several servers/, {KOSLI_HOST: 'https://a.example,https://b.example'}],
  [['assert'], /KOSLI_MAX_API_RETRIES is `x`/, {KOSLI_MAX_API_RETRIES: 'x'}],
  [['assert', '--via', 'cli', '--program', 'kosli-that-is-not-there'], /no program `kosli-that-is-not-there`/],
  [['assert', '-e', '../x'], /`\.\.\/x`/],
  [['assert'], /the proxy http:\/\/127\.0\.0\.1:9 failed: .*\nthe proxy is named by KOSLI_HTTP_PROXY: check that, and https:\/\/kosli\.example /, {KOSLI_HOST: 'https://kosli.example', KOSLI_HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:8'}],
  [['assert'], /the proxy http:\/\/127\.0\.0\.1:9 failed: .*\nthe proxy is named by HTTPS_PROXY, and .* NO_PROXY: check both, and https:\/\/kosli\.example \(--host, KOSLI_HOST\); nothing was decided/, {KOSLI_HOST: 'https://kosli.example', HTTPS_PROXY: 'http://127.0.0.1:9', KOSLI_MAX_API_RETRIES: '0'}],
  [['assert'], /ECONNREFUSED.*\nKosli was looked for at http:\/\/127\.0\.0\.1:9: check that/],
]) {
  test(`nodeploy ${args.join(' ')} ${JSON.stringify(env)}`, async () => {
    const [text, json] = await Promise.all([args, [...args, '--json']].map(each => nodeploy(each, {env: {...KOSLI, ...env}})));
    assert.equal(text.code, 2);
    assert.equal(text.stdout, '');
    assert.match(text.stderr, words);
    assert.equal(json.code, 2);
    const {decision, reason, summary} = JSON.parse(json.stdout);
    assert.equal(decision, 'error');
    assert.ok(reason && summary);
    assert.ok(!`${text.stderr}${json.stdout}${json.stderr}`.includes('secret-token'));
  });
}

test('what nobody expected is an error, and a document with --json', async () => {
  const bomb = "data:text/javascript,process.on('newListener', name => { if (name === 'uncaughtException') setImmediate(() => { throw new Error('a\\u001b[31mb'); }); })";
  const run = (...args) => node(['--import', bomb, CLI, 'assert', ...args], {env: KOSLI});
  const text = await run();
  assert.deepEqual([text.code, text.stdout], [2, '']);
  assert.match(text.stderr, /^nodeploy: Error: a\\u\{1b\}\[31mb/);
  const json = await run('--json');
  assert.deepEqual([json.code, json.stderr], [2, '']);
  const {decision, reason, summary} = JSON.parse(json.stdout);
  assert.deepEqual([decision, reason], ['error', 'internal']);
  assert.match(summary, /^Error: a/);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 lets no gate pass', async () => {
  const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, NODE_TLS_REJECT_UNAUTHORIZED: '0'}});
  assert.equal(code, 2);
  assert.match(stderr, /NODE_TLS_REJECT_UNAUTHORIZED=0 .*\nunset it; .*NODE_EXTRA_CA_CERTS/);
});

for (const proxy of ['http://ci:p%ss@127.0.0.1:9', 'http://ci:12#ss@127.0.0.1:9', 'http://ci:12/p%ss@127.0.0.1:9', 'http://ci:p/ss@127.0.0.1:9', 'ci:p%ss@127.0.0.1:9']) {
  test(`a proxy that cannot be read is named, its password is not: ${proxy}`, async () => {
    const {code, stdout, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: 'https://kosli.example', HTTPS_PROXY: proxy}});
    assert.equal(code, 2);
    assert.match(stderr, /the proxy in HTTPS_PROXY .*`%` is written %25/);
    assert.doesNotMatch(stdout + stderr, /ss@|p%ss|12#/);
    for (const via of ['http', 'cli']) { // the kosli CLI shows what it cannot read
      const own = await nodeploy(['assert', '--via', via], {env: {...KOSLI, KOSLI_HOST: 'https://kosli.example', KOSLI_HTTP_PROXY: proxy}});
      assert.equal(own.code, 2);
      assert.match(own.stderr, /the proxy in KOSLI_HTTP_PROXY .*`%` is written %25/);
      assert.doesNotMatch(own.stdout + own.stderr, /ss@|p%ss|12#/);
    }
  });
}

test('a text that is not UTF-8 is not put on record', {skip: process.platform === 'win32' && 'arguments are UTF-16 there'}, async () => {
  const env = {PATH: process.env.PATH, NODEPLOY_ENV: 'prod', KOSLI_ORG: 'acme', KOSLI_API_TOKEN: 'secret-token', KOSLI_HOST: 'http://127.0.0.1:9'};
  for (const [args, variable, what] of [
    [String.raw`on --by steve -r "$(printf 'M\374nchen')"`, '', 'the reason'],
    [String.raw`on -r why --by "$(printf 'J\374rgen')"`, '', 'the name of who freezes'],
    [String.raw`on -r why`, String.raw`NODEPLOY_BY="$(printf 'J\374rgen')"`, 'the name of who freezes'],
    [String.raw`off --by steve --freeze "$(printf 'x~J\374rgen')"`, '', '--freeze'],
    [String.raw`on -r why --by steve --freeze "$(printf 'x~J\374rgen')"`, '', '--freeze'],
  ]) {
    const {status, stdout, stderr} = spawnSync('sh', ['-c', `${variable} "$0" "$1" ${args}`, process.execPath, CLI], {env, encoding: 'utf8'});
    assert.deepEqual([status, stdout], [2, ''], args);
    assert.ok(stderr.startsWith(`nodeploy: ${what} is not UTF-8: `), stderr);
  }
});
