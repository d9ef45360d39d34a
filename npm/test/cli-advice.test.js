// Where Kosli says no: which token, which role, which name was meant.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {nodeploy} from './child.js';
import {KOSLI} from './cli-kosli.js';
import {temporaryFolder} from './local-kosli.js';
import {record} from './recording-server.js';

const skip = process.platform === 'win32' && 'there are no signals';

// What to do is said where it is known: which token, which role, which name was meant.
for (const via of ['http', 'cli']) {
  for (const [about, status, message, words, name = 'prod'] of [
    ['a wrong token', 401, 'Unauthorized', /does not accept the token in KOSLI_API_TOKEN/],
    ['a role too small', 403, "You don't have permission to access this resource", /token in KOSLI_API_TOKEN lacks a role in acme \(or is it called otherwise\? --org, KOSLI_ORG\): .* need the role Reader, .*`sync`.* the role Member/],
    ['a name like no other', 404, "Environment named 'xyzzy' does not exist for organization 'acme'", /\nto see all that there are: nodeploy status --via \w+/, 'xyzzy'],
    ['a name misspelt', 404, "Environment named 'prod' does not exist for organization 'acme'", /\ndid you mean `prod1`\?\n/],
  ]) {
    test(`${about}, by ${via}`, via === 'cli' ? {skip} : {}, async t => {
      const list = '[{"name":"staging"},{"name":"prod1"}]';
      const {url} = await record(t, ({url: path}, response) => {
        response.writeHead(path.endsWith('/environments/acme') ? 200 : status);
        response.end(path.endsWith('/environments/acme') ? list : JSON.stringify({message}));
      });
      const program = join(temporaryFolder(t), 'kosli');
      writeFileSync(program, `#!${process.execPath}
        const [verb, what] = process.argv.slice(2);
        if (verb === 'list' && what === 'env') console.log(${JSON.stringify(list)});
        else { console.error(${JSON.stringify(`Error: [kosli get environment] ${message}`)}); process.exitCode = 1; }`, {mode: 0o755});
      for (const verb of [['assert'], ['on', '-r', 'x', '--by', 'steve']]) {
        const {code, stderr} = await nodeploy([...verb, '--via', via, ...(via === 'cli' ? ['--program', program] : [])], {env: {...KOSLI, KOSLI_HOST: url, NODEPLOY_ENV: name}});
        assert.equal(code, 2);
        assert.match(stderr, words);
      }
    });
  }
}

for (const [via, status] of [['http', 404], ['http', 400], ['cli']]) {
  test(`a flow that was archived: how it comes back, by ${via}${status ? `, ${status}` : ''}`, via === 'cli' ? {skip} : {}, async t => {
    const message = "Flow named 'prod-nodeploy' has been archived for organization 'acme'";
    const {url} = await record(t, ({url: path}, response) => {
      const isTrails = path.includes('/trails/');
      response.writeHead(isTrails ? status : 200).end(isTrails ? JSON.stringify({message}) : '{"name":"prod","tags":{}}');
    });
    const program = join(temporaryFolder(t), 'kosli');
    writeFileSync(program, `#!${process.execPath}
      if (process.argv[2] === 'get') console.log('{"name":"prod","tags":{}}');
      else { console.error(${JSON.stringify(`Error: [kosli list trails flow=prod-nodeploy] ${message}`)}); process.exitCode = 1; }`, {mode: 0o755});
    for (const verb of [['assert'], ['on', '-r', 'x', '--by', 'steve']]) {
      const {code, stderr} = await nodeploy([...verb, '--via', via, ...(via === 'cli' ? ['--program', program] : [])], {env: {...KOSLI, KOSLI_HOST: url, NODEPLOY_ENV: 'prod'}});
      assert.equal(code, 2);
      assert.match(stderr, /^somebody has archived the flow that the records are in: restore it in Kosli, or make it anew: kosli create flow prod-nodeploy --use-empty-template; nothing was (decided|written); /m);
    }
  });
}

test('names that sound like a missing role blame nobody', {skip}, async t => {
  const program = join(temporaryFolder(t), 'kosli');
  for (const [message, isRole] of [
    ["Environment named 'permissions-403' does not exist for organization 'forbidden'", false],
    ["Flow named 'permissions-prod-nodeploy' does not exist for organization 'acme'. 401", false],
    ['open /etc/ssl/kosli.pem: permission denied', false],
    ["You don't have permission to access this resource", true],
  ]) {
    writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(`Error: ${message}`)}); process.exitCode = 1;`, {mode: 0o755});
    const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: {...KOSLI, NODEPLOY_ENV: 'permissions-403'}});
    assert.equal(code, 2);
    assert.equal(/KOSLI_API_TOKEN/.test(stderr), isRole, stderr);
  }
});

for (const [about, status, body] of [
  ["a proxy's own page", 403, '<html><h1>403 Forbidden</h1></html>'], ["a proxy's own words", 403, 'Forbidden'], ["a proxy's sign-in", 401, '<html></html>'], ['JSON of somebody else', 403, '{"blocked": true}'],
]) {
  test(`${about} says nothing of a role or a token`, async t => {
    const {url} = await record(t, (request, response) => response.writeHead(status).end(body));
    const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url}});
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /KOSLI_API_TOKEN/);
    const between = `a web page answered in Kosli's place: does a firewall or a proxy refuse, or is the host wrong (${url})?`;
    assert.equal(stderr.includes(between), body.startsWith('<'), stderr);
  });
}

for (const [words, advice] of [
  ['dial tcp 10.1.2.3:443: i/o timeout', /^Kosli was looked for at https:\/\/app\.kosli\.com: check that/m],
  ['dial tcp: lookup app.kosli.com: no such host', /^Kosli was looked for at/m],
  ["invalid character '<' looking for beginning of value", /^a web page answered in Kosli's place: .*\(https:\/\/app\.kosli\.com\)\?;/m],
  ['proxyconnect tcp: dial tcp: lookup proxy.example: no such host', /^the proxy is named by HTTPS_PROXY/m],
]) {
  test(`kosli: ${words}: where it was looked for`, {skip}, async t => {
    const program = join(temporaryFolder(t), 'kosli');
    writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(`Error: [kosli get environment] Get "u": GET u giving up after 4 attempt(s): Get "u": ${words}`)}); process.exitCode = 1;`, {mode: 0o755});
    const {stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: {...KOSLI, KOSLI_HOST: ''}});
    assert.ok(stderr.includes(`giving up after 4 attempt(s): ${words}\n`), stderr);
    assert.match(stderr, advice);
  });
}

for (const [words, told] of [
  ['Error: open /etc/kosli/ca.pem: permission denied', false], ['Error: Get "https://app.kosli.com/api/v2/environments/acme/prod-403": dial tcp: lookup app.kosli.com: no such host', false],
  ["Error: [kosli get environment] Environment named 'prod-403' is in use", false], ['[debug] token is missing\nError: EOF', false], ['Error: tls: failed to verify: x509: not authorized to sign, forbidden', false],
  ["Error: [kosli get environment] You don't have permission to access this resource", true], ['Error: [kosli get environment] Forbidden', true], ['Error: unexpected status 403', true],
]) {
  test(`kosli: ${words}: ${told ? 'a role' : 'no role'}`, {skip}, async t => {
    const program = join(temporaryFolder(t), 'kosli');
    writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(words)}); process.exitCode = 1;`, {mode: 0o755});
    const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: KOSLI});
    assert.equal(code, 2);
    assert.equal(/lacks a role/.test(stderr), told, stderr);
    if (!told) assert.doesNotMatch(stderr, /KOSLI_API_TOKEN/);
  });
}

test('kosli: an authority that it does not know: how to name one', {skip}, async t => {
  const program = join(temporaryFolder(t), 'kosli');
  const words = 'Error: Get "https://kosli.example/api/v2/environments/acme/prod": tls: failed to verify certificate: x509: certificate signed by unknown authority';
  writeFileSync(program, `#!${process.execPath}\nconsole.error(${JSON.stringify(words)}); process.exitCode = 1;`, {mode: 0o755});
  const {code, stderr} = await nodeploy(['assert', '--via', 'cli', '--program', program], {env: KOSLI});
  assert.equal(code, 2);
  assert.match(stderr, /does not trust the certificate .* SSL_CERT_FILE/);
});

test('without a token: a CI is not told to play', async () => {
  assert.match((await nodeploy(['assert'], {env: {...KOSLI, KOSLI_API_TOKEN: ''}})).stderr, /--local DIR/);
  assert.doesNotMatch((await nodeploy(['assert'], {env: {...KOSLI, KOSLI_API_TOKEN: '', CI: 'true'}})).stderr, /--local/);
  assert.match((await nodeploy(['assert'], {env: {...KOSLI, KOSLI_API_TOKEN: '', CI: 'true'}})).stderr, /set KOSLI_API_TOKEN .*; a CI withholds a secret from pull requests of forks, and a protected one from branches that are not\n/);
});

for (const [about, status, body, isNowhere] of [
  ['a path that Kosli does not have', 404, '{"message": "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."}', true],
  ['a page of another server', 404, '<html><h1>404 Not Found</h1></html>', true],
  ['a thing that Kosli does not have', 404, `{"message": "Flow named 'prod-nodeploy' does not exist for organization 'acme'"}`, false],
]) {
  test(`${about} ${isNowhere ? 'shows' : 'says nothing of'} where Kosli was looked for`, async t => {
    const {url} = await record(t, (request, response) => response.writeHead(status).end(body));
    const {code, stderr} = await nodeploy(['assert'], {env: {...KOSLI, KOSLI_HOST: url}});
    assert.equal(code, 2);
    assert.equal(stderr.includes(`Kosli was looked for at ${url}: check that (--host, KOSLI_HOST)`), isNowhere, stderr);
  });
}

test('https where http is spoken, and nobody that answers: where Kosli was looked for', async t => {
  const {url} = await record(t, () => {});
  for (const host of [url, url.replace('http:', 'https:')]) {
    const {code, stderr} = await nodeploy(['assert', '--timeout', '1s'], {env: {...KOSLI, KOSLI_HOST: host}});
    assert.equal(code, 2);
    assert.ok(stderr.includes(`Kosli was looked for at ${host}: check that`), stderr);
  }
});
