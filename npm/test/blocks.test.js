// Every block of every document is run as it would be pasted, or is named with the test that runs it.
import assert from 'node:assert/strict';
import {existsSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {call, excepted, gate, lines, packages, policy, program, read, root, rustWithChrono, targets, trustedJob} from './blocks-runs.js';

/** Where a block that is not run here is run: a file, and the test in it. */
const at = (file, title = '') => () => {
  assert.ok(existsSync(join(root, file)), file);
  assert.ok(read(file).includes(title), `${file} has \`${title}\``);
};

/** A drawing, or pseudocode. */
const words = () => {};

// By document and the beginning of the block.
const BLOCKS = {
  'README.md': {
    '$ nodeploy -e prod-aws -r "Demo': at('npm/test/docs.test.js', 'the story that both tell'),
    "$ nodeploy -e 'prod-*' -r": at('npm/test/many-cli.test.js', 'an incident: one command freezes, one shows, one lifts'),
    '$ nodeploy report': at('npm/test/report.test.js', "the auditor's question, in one command"),
    'cargo xtask demo': at('xtask/src/main.rs', 'demo'),
    'on: workflow_dispatch': at('npm/test/docs.test.js', 'the pipeline of the readme runs the file that is built'),
    'policy: release': policy,
    'nodeploy -e prod-aws -r "CVE-2026-1234"': excepted,
  },
  'npm/readme.md': {
    '$ nodeploy -e prod-aws -r "Demo': at('npm/test/docs.test.js', 'the story that both tell'),
    'set -e\nnodeploy -e prod-aws assert\n./deploy.sh': gate,
    'npm install --global': at('npm/test/pack.test.js', 'npm'),
    'nodeploy -e prod-aws --local': lines,
    'nodeploy -e prod-aws -r "database migration"': lines,
    "nodeploy -e 'prod-*' -e '!prod-sandbox'": lines,
    'nodeploy windows --svg': at('npm/test/pictures.test.js', 'each verb draws both, beside what it prints'),
    'nodeploy report ': lines,
    'nodeploy windows --svg': lines,
    'import {report': at('npm/test/report.test.js', "the auditor's question, in one command"),
    'import {runMany': at('npm/test/many.test.js', 'all alarms are up before any record begins'),
    '# yaml-language-server': policy,
    'BEGIN:VCALENDAR': at('npm/test/blocks-runs.js', "'holidays.ics'"), // with the policy
    '$ nodeploy -e prod-aws windows': at('npm/test/docs.test.js', "the readme's policy says what the readme says"),
    'nodeploy -e prod-aws assert --needs': lines,
    'nodeploy -e prod-aws -r "CVE-2026-1234"': excepted,
    'process.exitCode = 2': program,
    'sha256sum --check nodeploy.cjs.sha256': at('npm/test/one-file.test.js'),
    'nodeploy -e prod-aws assert --record': at('tests/kosli/on-record.test.js'),
    '# gate-prod-aws.yaml': at('tests/kosli/on-record.test.js'),
    'kosli create policy gate-prod-aws': at('tests/kosli/on-record.test.js'),
    '# payments.yaml': at('tests/kosli/on-record.test.js'),
  },
  'core/README.md': {
    'observe(call) -> reads': words,
    'repeat up to 8 times': words,
    '{\n  "action"': call,
    '[dependencies]': rustWithChrono,
    'use freeze_core::': at('core/src/lib.rs', 'include_str!("../README.md")'), // a doctest
  },
  'core/EXCEPTIONS.md': {
    '$ nodeploy': at('npm/test/docs.test.js', 'the story of an exception'),
    '$ kosli': at('xtask/src/demo.rs', 'let_a_hotfix_pass'),
    'jobs:': trustedJob,
  },
  'core/WINDOWS.md': {
    '# yaml-language-server': policy,
    'policy: release': policy,
    'BEGIN:VCALENDAR': at('npm/test/blocks-runs.js', "'holidays.ics'"),
  },
  'core/HISTORY.md': {'{"action": {"type": "report"': words}, // vectors/report-*.json are like it
  'plugin/README.md': {
    'set -e\npython gate.py': at('tests/hosts/gates.js', 'script deploys on two lines'),
    'import contextlib, json': at('tests/hosts/gates.js'),
    "import {spawnSync} from 'node:child_process'": at('tests/hosts/gates.js'),
    'package main': at('tests/hosts/gates.js'),
    'import com.fasterxml': at('tests/hosts/gates.js'),
    'use extism::': at('tests/hosts/gates.js'),
    '$ python nodeploy.py': at('tests/hosts/examples.js', 'the lines of plugin/README.md'),
    '$ sha256sum --check': at('tests/hosts/module.test.js', 'plugin/README.md shows how to verify it'),
  },
  'ARCHITECTURE.md': {'                 call (JSON)': words},
  'tests/vectors/README.md': {'{': words}, // of a table
  'tests/history/README.md': {'node --test ': at('tests/history/history.test.js', 'NODEPLOY_ROUNDS')},
  'tests/oracle/README.md': {'cargo test -p freeze-oracle': packages},
  'tests/proof/README.md': {'cargo test -p freeze-proof': packages},
  'fuzz/README.md': {'cargo +nightly fuzz run': targets},
};

const documents = readdirSync(root, {recursive: true})
  .filter(name => name.endsWith('.md') && !/(^|[\\/])(node_modules|target|\.git)[\\/]/.test(name))
  .map(name => name.replaceAll('\\', '/')).sort();

for (const document of documents) {
  const blocks = [...read(document).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({language, text, document}));
  const known = Object.entries(BLOCKS[document] ?? {});
  for (const block of blocks) {
    const [begin] = block.text.split('\n');
    test(`${document}: ${begin}`, async t => {
      if (document.startsWith('npm/pipelines/')) return at('npm/pipelines/test/pages.test.js')(); // a CI's configuration
      const found = known.filter(([beginning]) => block.text.startsWith(beginning));
      assert.equal(found.length, 1, 'a block of a document is run: say how in BLOCKS');
      await found[0][1](t, block);
    });
  }
  test(`${document} has the blocks that are known`, () => {
    for (const [beginning] of known) assert.ok(blocks.some(({text}) => text.startsWith(beginning)), beginning);
  });
}

test('no document goes on after a refusal, and none has npm fetch a package that is not ours', () => {
  for (const document of documents.filter(name => name !== 'CHANGELOG.md')) {
    const blocks = [...read(document).matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, text]) => text).join('');
    assert.doesNotMatch(blocks, /assert.*&&|gate.*&&|npx nodeploy/, document);
    assert.doesNotMatch(read(document), /npm install nodeploy\b|npx nodeploy/, document);
  }
});

test('what a document names is there: files, links, steps of xtask', () => {
  const built = read('.gitignore').split('\n').filter(line => line.startsWith('/npm/')).map(line => line.slice(1));
  const isBuilt = path => path.endsWith('.wasm') || built.some(made => `${path}/`.startsWith(made));
  const sources = ['xtask/src', 'tests/vectors/src'].flatMap(folder => readdirSync(join(root, folder)).filter(name => name.endsWith('.rs')).map(name => read(`${folder}/${name}`))).join('');
  for (const document of documents) {
    const text = read(document);
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, dirname(document), link)), `${document}: ${link}`);
    }
    for (const [, path] of text.matchAll(/`((?:core|npm|plugin|tests|wasm|fuzz|xtask)\/[\w./-]+)`/g)) {
      if (!isBuilt(path)) assert.ok([root, join(root, dirname(document))].some(from => existsSync(join(from, path))), `${document}: ${path}`);
    }
    for (const [, command, step] of text.matchAll(/cargo xtask (\w+)(?: ([a-z]+))?/g)) {
      for (const word of [command, step].filter(Boolean)) assert.ok(sources.includes(`"${word}"`), `${document}: cargo xtask ${command} ${step ?? ''}`);
    }
  }
});
