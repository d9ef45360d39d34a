// Flow templates: the YAML they are written in is read as YAML, all other YAML is refused.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readTemplate} from '../local/template.js';

const on = {name: 'nodeploy-on', type: 'generic'};
const off = {name: 'nodeploy-off', type: 'generic'};

test('templates are read', () => {
  for (const [text, attestations, artifacts = []] of [
    ['version: 1', []],
    ['---\n# a comment\nversion: 1 # the first\n\n', []],
    ['version: "1"\ntrail:\n', []],
    ['version: 1\ntrail:\n  attestations:\n  artifacts: []\n', []],
    ['version: 1\r\ntrail:\r\n  attestations:\r\n    - name: nodeploy-on\r\n      type: generic\r\n', [on]],
    ['version: 1\ntrail:\n  attestations:\n  - name: nodeploy-on\n    type: generic\n  - type: \'generic\'\n    name: "nodeploy-off"', [on, off]],
    ['version: 1\ntrail:\n    attestations:\n      -\n        name: nodeploy-on # why\n\n        type: generic\n      # between\n      -   name: nodeploy-off\n          type: generic\n', [on, off]],
    ['trail:\n  attestations:\n  - name: a#b\n    type: custom:x\n  - name: \'it\'\'s\'\n    type: "*"\nversion: 1', [{name: 'a#b', type: 'custom:x'}, {name: 'it\'s', type: '*'}]],
    ['version: 1\ntrail:\n  attestations:\n  - name: "a # b"\n    type: "\\u00e9 \\"q\\""', [{name: 'a # b', type: 'é "q"'}]],
    [
      'version: 1\n\ntrail:\n  attestations:\n    - name: pull-request\n      type: pull_request\n  artifacts:\n    - name: dashboard\n      attestations:\n        - name: facts\n          type: custom:facts\n    - name: other\n',
      [{name: 'pull-request', type: 'pull_request'}],
      [{name: 'dashboard', attestations: [{name: 'facts', type: 'custom:facts'}]}, {name: 'other', attestations: []}],
    ],
  ]) assert.deepEqual(JSON.parse(JSON.stringify(readTemplate(text))), {version: 1, trail: {attestations, artifacts}, content: text});
});

test('what is not a template is refused, with its line', () => {
  const attested = text => `version: 1\ntrail:\n  attestations:\n${text}`;
  for (const [text, message] of [
    ['', 'the template is empty'],
    ['# nothing', 'the template is empty'],
    ['version: 2', 'a template begins with `version: 1`'],
    ['trail:\n', 'a template begins with `version: 1`'],
    ['version: 1\ntrails:\n', 'the template has no member `trails`'],
    ['version: 1\ntrail: x', '`trail` must be a mapping'],
    ['- version: 1', 'the template must be a mapping'],
    ['version: 1\nversion: 1', 'line 2 of the template says `version` a second time: `version: 1`'],
    ['version: 1\n__proto__: x', 'the template has no member `__proto__`'],
    ['version: 1\n\ttrail:', 'line 2 of the template has a tab or an invisible character: `\ttrail:`'],
    ['version: 1\n\uFEFF', 'line 2 of the template has a tab or an invisible character: ``'],
    ['version: *', 'line 1 of the template is YAML that is not understood here: `version: *`'],
    ['version: - 1', 'line 1 of the template is YAML that is not understood here: `version: - 1`'],
    ['version: 1\n trail:', 'line 2 of the template is indented like nothing above it: `trail:`'],
    ['version: 1\njust words', 'line 2 of the template is neither `key: value` nor a list item: `just words`'],
    ['{"version": 1}', 'line 1 of the template is neither `key: value` nor a list item: `{"version": 1}`'],
    ['version: 1\ntrail: {attestations: []}', 'line 2 of the template is YAML that is not understood here: `trail: {attestations: []}`'],
    ['version: |\n  1', 'line 1 of the template is YAML that is not understood here: `version: |`'],
    ['version: &a 1', 'line 1 of the template is YAML that is not understood here: `version: &a 1`'],
    ['version: 1\ntrail:\n  attestations: x', '`attestations` must be a list'],
    [attested('  - name: a'), 'a `type` is missing in the template'],
    [attested('  - type: generic'), 'a `name` is missing in the template'],
    [attested('  - name: ""\n    type: generic'), 'a `name` is missing in the template'],
    [attested('  - name: a\n    type: generic\n    if: x'), 'an attestation has no member `if`'],
    [attested('  - a'), 'an attestation must be a mapping'],
    [attested('  - name: a\n   type: generic'), 'line 5 of the template is indented like nothing above it: `type: generic`'],
    [attested('  - name: "a\n    type: generic'), 'line 4 of the template has a text in double quotes that is not understood here: `name: "a`'],
    [attested('  - name: \'a\n    type: generic'), 'line 4 of the template has a text in single quotes that does not end: `name: \'a`'],
    [attested('  - name: a: b\n    type: generic'), 'line 4 of the template is YAML that is not understood here: `name: a: b`'],
  ]) assert.throws(() => readTemplate(text), {message}, text);
});
