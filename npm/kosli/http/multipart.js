// A form as the kosli CLI sends it, byte for byte.
import {randomBytes} from 'node:crypto';

/** `{type, bytes}`: the value of `Content-Type`, and what goes over the wire. */
export function multipart(form) {
  let boundary;
  do boundary = randomBytes(30).toString('hex');
  while (form.some(({value}) => value.includes(boundary)));
  const parts = form.map(({name, filename, value}) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`
    + (filename === undefined ? '' : `; filename="${quoted(filename)}"\r\nContent-Type: application/octet-stream`)
    + `\r\n\r\n${value}\r\n`);
  return {type: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.from(`${parts.join('')}--${boundary}--\r\n`)};
}

const quoted = text => text.replace(/["\\]/g, '\\$&').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
