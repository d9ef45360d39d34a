// The gates of plugin/README.md, as they stand there: with the real kosli CLI on a local Kosli, and with one that misbehaves.
import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {plugin, root} from './hosts.js';
import {WITHOUT_KOSLI} from './local-kosli.js';
import {Stage} from './stage.js';

const readme = readFileSync(join(root, 'plugin', 'README.md'), 'utf8');
const programs = Object.fromEntries([...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => [language, text]));

const closed = (effect, more) => JSON.stringify({windows: [{name: 'always', effect, environments: ['*'], timezone: 'UTC', from: '2020-01-01', to: '2120-01-01', ...more}]});
const POLICIES = {
  'closed.json': closed('freeze'),
  'large.json': JSON.stringify({windows: Array.from({length: 400}, (_, i) => JSON.parse(closed('freeze', {name: `always-${i}`})).windows[0])}),
  'open.json': closed('allow'),
  'suspended.json': closed('freeze', {suspended: true}),
  'twice.json': closed('freeze').replace(/}$/, ',"windows":[]}'),
  'null.json': 'null',
  'empty.json': '',
  'list.json': '[]',
  'two.json': `${closed('allow')} ${closed('freeze')}`,
  'smuggled.json': `${closed('allow')}, "settings": {"tag": "other"}`,
  'calendar.json': closed('freeze').replace(/"from".*"2120-01-01"/, '"calendar":"closed.ics"'),
  'broken.json': Buffer.from(closed('freeze').replace('"*"', '"prod\xff*"'), 'latin1'),
};

const TWO_MINUTES = /\b120(_000)?\b|2\*time\.Minute/;

export function gates(present, folder) {
  describe('the gates of plugin/README.md, as they stand there', () => {
    const stage = new Stage(folder);
    // A kosli whose environments are this document, and have no records.
    const misbehaving = document => stage.kosli.pathWhere('get', `printf '%b\\n' '${document}'; exit 0`);

    async function nodeploy(...args) {
      const {code, stderr} = await stage.kosli.run(process.execPath, [join(root, 'npm', 'cli.js'), '-e', 'prod-aws', '--by', 'steve', ...args]);
      assert.equal(code, 0, stderr);
    }

    // The README's script deploys on two lines; not while the gate is closed, and afterwards it does.
    async function deploysOnTwoLines([python], env, cwd) {
      const [, script] = /^```sh\n(.*?)^```$/ms.exec(readme);
      assert.match(script, /^set -e\npython gate\.py prod-aws nodeploy\.json\n\.\/deploy\.sh\n$/);
      copyFileSync(join(cwd, 'open.json'), join(cwd, 'nodeploy.json'));
      writeFileSync(join(cwd, 'deploy.sh'), '#!/bin/sh\necho deployed\n', {mode: 0o755});
      const run = () => stage.kosli.run('sh', ['-c', `${script.replace('python', `'${python}'`)}echo 'went on'\n`], env, cwd);
      const shut = await run();
      assert.equal(shut.code, 1, shut.stderr);
      assert.doesNotMatch(shut.stdout, /deployed|went on/);
      await nodeploy('off');
      assert.match((await run()).stdout, /deployed\nwent on\n$/);
      await nodeploy('-r', 'wiped', 'on');
    }

    for (const host of present) {
      let gate;
      const cwd = join(folder.path, `gate-${host.language}`);
      const go = (args, env = {}) => stage.kosli.run(gate[0], [...gate.slice(1), ...args], {...host.env, ...env}, cwd);
      const check = async (args, code, words, env) => {
        const ended = await go(args, env);
        assert.equal(ended.code, code, `${args}: ${ended.stdout}${ended.stderr}`);
        assert.match(ended.stdout + ended.stderr, words);
      };

      test(`${host.name}: waits two minutes for kosli, and no longer`, t => stage.with(t, async () => {
        const source = programs[host.language];
        assert.match(source, TWO_MINUTES);
        const folder = `${cwd}-in-haste`;
        mkdirSync(folder);
        copyFileSync(plugin, join(folder, 'nodeploy.wasm'));
        const [program, ...args] = host.gate(source.replace(TWO_MINUTES, text => text.replace('120', '2').replace('_000', '000').replace('Minute', 'Second')), folder);
        // Each answer comes in time, both of them do not.
        const {code, stdout, stderr} = await stage.kosli.run(program, [...args, 'prod-aws'], {...host.env, PATH: stage.kosli.pathWhere('"$1"', 'sleep 1.5')}, folder);
        assert.equal(code, 2, stdout + stderr);
      }));
      test(`${host.name}: built`, () => {
        mkdirSync(cwd);
        copyFileSync(plugin, join(cwd, 'nodeploy.wasm'));
        for (const [name, text] of Object.entries(POLICIES)) writeFileSync(join(cwd, name), text);
        gate = host.gate(programs[host.language], cwd);
      });
      test(`${host.name}: open, frozen, and frozen with its tags wiped`, t => stage.with(t, async () => {
        await check(['prod-aws'], 0, /not frozen/);
        await nodeploy('-r', 'wiped', 'on');
        await check(['prod-aws'], 1, /frozen since/);
        if (host.name === 'Python') await deploysOnTwoLines(gate, host.env, cwd);
        const {tags} = await stage.environment('prod-aws');
        await stage.kosli.cli(['tag', 'env', 'prod-aws', `--unset=${Object.keys(tags)}`]);
        assert.deepEqual((await stage.environment('prod-aws')).tags, {});
        await check(['prod-aws'], 1, /frozen since .*wiped/);
        await nodeploy('off');
        await check(['prod-aws'], 0, /not frozen/);
      }));
      test(`${host.name}: goes by its policy`, t => stage.with(t, async () => {
        await check(['prod-aws', 'open.json'], 0, /open|not frozen/);
        await check(['prod-aws', 'suspended.json'], 0, /not frozen/);
        for (const name of ['closed', 'large']) await check(['prod-aws', `${name}.json`], 1, /always/);
        for (const name of ['twice', 'null', 'empty', 'list', 'two', 'smuggled', 'calendar', 'broken']) {
          await check(['prod-aws', `${name}.json`], 2, /./);
        }
        await check(['prod-aws', ''], 2, /there is no|directory|no such file/i);
        await check(['prod-aws', 'missing.json'], 2, /there is no missing\.json|open missing\.json: no such file/);
      }));
      test(`${host.name}: what it cannot find out is 2`, t => stage.with(t, async () => {
        await check([], 2, /./);
        await check(['no-such-env'], 2, /Kosli says: .*'no-such-env' does not exist/);
        await check(['prod-aws'], 2, /./, {KOSLI_API_TOKEN: 'wrong'});
        await check(['prod-aws'], 2, /there is no kosli on the PATH|"kosli": executable file not found in \$PATH/, {PATH: WITHOUT_KOSLI});
        for (const document of [
          '', 'null', '{"name":"prod-aws"}', '{"name":"staging","tags":{}}', '{"name":"prod-aws","tags":{"nodeploy":"x"},"tags":{}}',
          '{"name":"prod-aws","tags":{"cost":1e400}}', '{"name":"prod-aws","tags":{"nodeploy\\0377":"x"}}', '{"name":"prod-aws","tags":{}',
        ]) await check(['prod-aws'], 2, /could not read|not UTF-8|utf|understood|Malformed|encoded data/, {PATH: misbehaving(document)});
        if (existsSync('/dev/full')) {
          for (const where of ['>/dev/full', '>/dev/full 2>/dev/full']) {
            const ended = await stage.kosli.run('sh', ['-c', `exec "$@" ${where}`, 'sh', ...gate, 'prod-aws'], host.env, cwd);
            assert.equal(ended.code, 2, `${where}: ${ended.stderr}`);
          }
        }
        rmSync(join(cwd, 'nodeploy.wasm'));
        await check(['prod-aws'], 2, /./);
      }));
    }
  });
}
