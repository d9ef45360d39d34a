// What a CI leaves as it is written where it fills in no variable, told from texts that only look so.
import assert from 'node:assert/strict';
import test from 'node:test';
import {isPlaceholder, placeholderIn} from '../text/placeholder.js';

const PLACEHOLDERS = [
  '$(Build.BuildId)', '$(context.taskRun.uid)', '$(KOSLI TOKEN)', '${BUILD_ID}', '${env.BUILD_ID}', '${BUILD_ID:-none}', '${{ secrets.KOSLI_API_TOKEN }}', '${{vars.ORG}}',
  '$[[ inputs.run ]]', '$[variables.run]', '{{ .Values.run }}', '{{workflow.parameters.run}}', '#{Octopus.Deployment.Id}', '<< pipeline.id >>', '<+pipeline.executionId>',
  '$CIRCLE_WORKFLOW_ID', '$env:BUILD_ID', '%BUILD_ID%', '%teamcity.build.id%',
];

test('a reference is known, alone and within a text', () => {
  for (const text of PLACEHOLDERS) {
    assert.ok(isPlaceholder(text) && isPlaceholder(` ${text}\n`), text);
    assert.equal(placeholderIn(`shop:${text}:deploy`), text);
    assert.ok(!isPlaceholder(`shop:${text}`), text);
  }
});

test('what a language writes for nothing is known, alone and as a part', () => {
  for (const text of ['null', 'undefined', 'None', '<no value>']) {
    assert.ok(isPlaceholder(text) && isPlaceholder(` ${text}\n`), text);
    for (const run of [text, `shop:${text}`, `shop-${text}`, `acme/${text}:deploy`]) assert.equal(placeholderIn(run), text, run);
    for (const run of [`fix-${text}-checks:7`, `${text}s:7`, `shop:7${text}`]) assert.equal(placeholderIn(run), undefined, run);
  }
  for (const text of ['none', 'nobody', 'null and void', 'Nonesuch']) assert.ok(!isPlaceholder(text), text);
});

test('what is filled in is none', () => {
  for (const text of [
    '', '$', '$5', '5 $', 'WORKGROUP\\BUILD01$', 'github:acme/shop:7:a%3Ab%25c%25', 'jenkins:shop:7:50%', '100%', 'feature/#12', 'a {b} c', 'x<y', 'prod-aws', '4f1c2ab', 'e{2}', '[a]',
    'jenkins:shop/f%C3%BCr-M%C3%BCnchen:7', '%E6%97%A5%20%C3%9F%', 'bitbucket:acme/shop:7:%7Bd4b1f8f2-0000-4000-8000-000000000000%7D',
  ]) assert.deepEqual([isPlaceholder(text), placeholderIn(text)], [false, undefined], text);
  for (const text of ['it costs $HOME "5"', '$(date) is broken', 'the %PATH% of the agent']) assert.ok(!isPlaceholder(text), text);
});
