import assert from 'node:assert/strict';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {kosliCli} from '../kosli/cli.js';
import {kosliHttp} from '../kosli/http.js';

const GOOD = {host: 'https://app.kosli.com', org: 'acme', token: 'secret'};

for (const [name, make] of Object.entries({kosliHttp, kosliCli})) {
  test(`${name} takes what is in order`, () => {
    for (const change of [{}, {host: undefined}, {host: 'https://kosli.example:8443/base/'}, {host: 'http://localhost:1'}, {host: 'http://127.3.2.1:1'}, {host: 'http://[::1]:1'}, {org: 'a.b-c_d~e'}, {token: 'eyJ.a-b_c~d/e+f='}, {token: '/no/such/file'}]) {
      assert.equal(make({...GOOD, ...change}).org, change.org ?? 'acme');
    }
  });

  const REFUSED = [
    [{host: 'http://kosli.example'}, /in the open/],
    [{host: 'http://localhost.evil.example'}, /in the open/],
    [{host: 'http://127.0.0.1.evil.example'}, /in the open/],
    [{host: 'http://0.0.0.0'}, /in the open/],
    [{host: 'ftp://kosli.example'}, /must be https/],
    [{host: 'app.kosli.com'}, /not a URL; did you mean `https:\/\/app\.kosli\.com`\?$/],
    [{host: 'localhost:8000'}, /did you mean `http:\/\/localhost:8000`\?$/],
    [{host: 'secret'}, /not a URL; it looks like/],
    [{host: 'https://a.example,https://b.example'}, /several/],
    [{host: 'https://me:pass@kosli.example'}, /password/],
    [{host: 'https://kosli.example/?a'}, /`\?`/],
    [{host: 7}, /must be a text/],
    [{org: undefined}, /organisation is missing/],
    [{org: ''}, /organisation is missing/],
    ...['a/b', '..', '-x', 'a b', 'a\n', '"acme"', 'acme\r', 'ä'].map(org => [{org}, /begins with a letter or digit .*was it copied with a line break, a blank or quotes\?/]),
    [{token: undefined}, /token is missing/],
    [{token: ''}, /token is missing/],
    [{host: '$(HOST)'}, /host is `\$\(HOST\)`, a variable that nobody has filled in/],
    [{org: '$ORG'}, /organisation is `\$ORG`, a variable/],
    ...['$(TOKEN)', '${TOKEN}', '$TOKEN', '%TOKEN%'].map(token => [{token}, /API token is a variable that nobody has filled in/]),
    [{token: fileURLToPath(import.meta.url)}, /API token is the path of a file; is it a variable of the type File/],
    ...[-1, 1.5, '3', Number.NaN].map(retries => [{retries}, /whole number/]),
    ...['sec\nret', 'sec\r\nret', 'sec ret', '"secret"', "'secret'", '"secret"x\u0000', '-secret', 'sec,ret', 'sëcret'].map(token => [{token}, /no token has/]),
  ];
  for (const [change, words] of REFUSED) {
    test(`${name} refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => make({...GOOD, ...change}), error => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, words);
        assert.ok(!change.token || !error.message.includes(change.token));
        return true;
      });
    });
  }
}
