// Multipart forms (RFC 7578), to the byte: what stands between two boundaries is the value, whatever it is.
// `Response.formData()` would do, but loading `fetch` costs every start about 100 ms.

const blankLine = Buffer.from('\r\n\r\n');
const mostParts = 100;

/**
 * Reads the body of a `multipart/form-data` request: `[{name, filename, value}]`, `filename` undefined for a plain field,
 * `value` a Buffer. Throws an `Error` that says what is wrong.
 */
export function parseMultipart(contentType, body) {
  // The first boundary has no line before it: with this one, all are alike.
  const bytes = Buffer.concat([Buffer.from('\r\n'), body]);
  const boundary = Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  const parts = [];
  let at = bytes.indexOf(boundary);
  if (at === -1) throw new Error('the boundary does not occur in the body');
  for (;;) {
    at += boundary.length;
    if (bytes.toString('latin1', at, at + 2) === '--') return parts;
    if (!/^[ \t]*\r\n$/.test(bytes.toString('latin1', at, bytes.indexOf('\r\n', at) + 2))) throw new Error('a boundary does not end its line');
    const head = bytes.indexOf('\r\n', at);
    const headEnd = bytes.indexOf(blankLine, head);
    const end = bytes.indexOf(boundary, headEnd + blankLine.length);
    if (headEnd === -1 || end === -1 || bytes.subarray(head, headEnd).includes(boundary)) throw new Error('a part is cut short');
    if (parts.length === mostParts) throw new Error(`more than ${mostParts} parts`);
    parts.push({...dispositionOf(bytes.toString('utf8', head, headEnd)), value: bytes.subarray(headEnd + blankLine.length, end)});
    at = end;
  }
}

function boundaryOf(contentType) {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (match === null) throw new Error('the content type names no boundary');
  return match[1] ?? match[2];
}

function dispositionOf(headers) {
  const header = /^content-disposition:[ \t]*form-data(.*)$/im.exec(headers);
  if (header === null) throw new Error('a part has no content-disposition');
  const parameters = new Map();
  for (const [, name, value] of header[1].matchAll(/;[ \t]*(name|filename)="((?:[^"\\]|\\.)*)"/gi)) {
    parameters.set(name.toLowerCase(), value.replace(/\\(.)/g, '$1'));
  }
  if (!parameters.has('name')) throw new Error('a part has no name');
  return {name: parameters.get('name'), filename: parameters.get('filename')};
}
