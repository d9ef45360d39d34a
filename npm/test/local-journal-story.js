// What the tests of the journal have the local Kosli told.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {openLocal} from '../local/index.js';

const api = '/api/v2';
export const tag = (key, value = '') => ({method: 'PATCH', path: `${api}/tags/acme/env/prod`, json: {set_tags: {[key]: value}, remove_tags: []}});
export const createEnvironment = {method: 'PUT', path: `${api}/environments/acme`, json: {name: 'prod', type: 'server'}};
export const getEnvironment = {method: 'GET', path: `${api}/environments/acme/prod`};
const dataOf = data => ({name: 'data_json', value: JSON.stringify(data)});
const template = name => ({name: 'template_file', filename: 't.yml', value: `version: 1\ntrail:\n  attestations:\n  - {name}\n`.replace('{name}', `name: ${name}\n    type: generic`)});

export const story = [
  createEnvironment,
  tag('nodeploy', 'T1'),
  {method: 'PUT', path: `${api}/flows/acme/template_file`, form: [dataOf({name: 'f', description: 'd'}), template('on')]},
  {method: 'PUT', path: `${api}/trails/acme/f`, form: [dataOf({name: 't1'})]},
  {method: 'PUT', path: `${api}/trails/acme/f`, form: [dataOf({name: 't2', user_data: [1]}), template('off')]},
  {method: 'POST', path: `${api}/attestations/acme/f/trail/t1/generic`, form: [dataOf({attestation_name: 'on', annotations: {by: 'steve'}}), {name: 'attachment_file', filename: 'a', value: 'x'}]},
  {method: 'POST', path: `${api}/attestations/acme/f/trail/t1/generic`, form: [dataOf({attestation_name: 'on', is_compliant: false})]},
  {method: 'PUT', path: `${api}/flows/acme/template_file`, form: [dataOf({name: 'f'}), template('other')]},
  {method: 'PUT', path: `${api}/trails/acme/f`, form: [dataOf({name: 't1', description: 'again \uFFFD'})]},
  {method: 'PATCH', path: `${api}/tags/acme/env/prod`, json: {set_tags: {'nodeploy.T1': 'by=steve'}, remove_tags: ['nodeploy', 'none']}},
];

export const reads = ['environments/acme', 'flows/acme', 'flows/acme/f', 'trails/acme', 'trails/acme/f/t1', 'attestations/acme/f/trail/t1/on'].map(rest => ({method: 'GET', path: `${api}/${rest}`}));

export async function told(dir, requests, options = {}) {
  const local = await openLocal({dir, org: 'acme', user: 'alice', onWarning: assert.fail, ...options});
  try {
    const answers = [];
    for (const request of requests) answers.push(await local.send({request}));
    return answers;
  } finally {
    await local.close();
  }
}

export const journalIn = dir => path.join(dir, 'journal.jsonl');
export const linesIn = dir => fs.readFileSync(journalIn(dir), 'utf8').split('\n').slice(0, -1);
