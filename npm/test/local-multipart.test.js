// Multipart forms: what is between two boundaries comes out as it went in; what is malformed is refused.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {parseMultipart} from '../local/multipart.js';
import {multipartOf} from './local-kosli.js';

const parse = (body, type = 'multipart/form-data; boundary=b') => parseMultipart(type, Buffer.from(body)).map(({name, filename, value}) => [name, filename, value.toString()]);
const head = 'Content-Disposition: form-data; name="a"';

test('values come out as they went in', () => {
  const values = ['', '\r\n', '\r', '\n', '\r\n\r\n', '--', '--b', '\r\n-', '\r\n--', '\r\n--B', '\0', 'Content-Disposition: form-data; name="x"\r\n\r\n', 'é🚦', 'x'.repeat(1e6)];
  for (const one of values) {
    for (const other of values) {
      const {type, body} = multipartOf([{name: 'a', value: one}, {name: 'f', filename: 'n', value: other}], 'b');
      assert.deepEqual(parse(body, type), [['a', undefined, one], ['f', 'n', other]]);
    }
  }
  for (let round = 0; round < 500; round++) {
    const value = Buffer.from(randomBytes(50).map(byte => '\r\n-b\0:"a'.codePointAt(byte % 8)));
    if (value.includes('\r\n--b')) continue; // then another boundary would have been chosen
    const [part] = parseMultipart('multipart/form-data; boundary=b', multipartOf([{name: 'a', value}], 'b').body);
    assert.deepEqual(part.value, value);
  }
});

test('what the standard allows is read', () => {
  for (const [body, parts, type] of [
    ['--b--', []],
    ['--b--\r\n', []],
    ['before\r\n--b\r\n' + head + '\r\n\r\n1\r\n--b--\r\nafter', [['a', undefined, '1']]],
    [`--b \t\r\n${head}\r\n\r\n1\r\n--b--`, [['a', undefined, '1']]],
    [`--b c\r\n${head}\r\n\r\n1\r\n--b c--`, [['a', undefined, '1']], 'Multipart/Form-Data; charset=x; BOUNDARY="b c"'],
    ['--b\r\nContent-Type: x\r\ncontent-disposition:form-data; filename="q\\"\\\\.txt"; name="a"\r\n\r\n1\r\n--b--', [['a', 'q"\\.txt', '1']]],
  ]) assert.deepEqual(parse(body, type), parts, body);
});

test('what is malformed is refused', () => {
  const many = `--b\r\n${head}\r\n\r\n\r\n`.repeat(101);
  for (const [body, message, type] of [
    ['', 'the boundary does not occur in the body'],
    ['x--b\r\n', 'the boundary does not occur in the body'],
    ['--b', 'a boundary does not end its line'],
    [`--bx\r\n${head}\r\n\r\n1\r\n--bx--`, 'a boundary does not end its line'],
    [`--b\n${head}\n\n1\n--b--`, 'a boundary does not end its line'],
    [`--b\r\n${head}\r\n\r\n1`, 'a part is cut short'],
    [`--b\r\n${head}\r\n\r\n--b--`, 'a part is cut short'],
    [`--b\r\n${head}\r\n1\r\n--b\r\n${head}\r\n\r\n2\r\n--b--`, 'a part is cut short'],
    [`--b\r\n${head}\r\n\r\n1\r\n--b\r\n`, 'a part is cut short'],
    ['--b\r\n\r\n1\r\n--b--', 'a part has no content-disposition'],
    ['--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--b--', 'a part has no content-disposition'],
    ['--b\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--b--', 'a part has no name'],
    [`${many}--b--`, 'more than 100 parts'],
    ['--b--', 'the content type names no boundary', 'multipart/form-data'],
  ]) assert.throws(() => parse(body, type), {message}, body.slice(0, 100));
});
