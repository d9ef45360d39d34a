// Flow templates: which attestations a trail is expected to have.
//
// A template is YAML. This reads the part of YAML that templates are written in: mappings and lists in blocks, plain and
// quoted scalars on one line, comments. Whatever else YAML has is refused with its line: never guessed at.

/**
 * Reads the text of a template.
 *
 * Throws an `Error` that says what is wrong with it.
 */
export function readTemplate(text) {
  const template = parse(text);
  const {version, trail = {}} = membersOf(template, 'the template', ['version', 'trail']);
  if (version !== '1') throw new Error('a template begins with `version: 1`');
  const {attestations = [], artifacts = []} = membersOf(trail ?? {}, '`trail`', ['attestations', 'artifacts']);
  return {
    version: 1,
    trail: {
      attestations: listOf(attestations, '`attestations`').map(attestation),
      artifacts: listOf(artifacts, '`artifacts`').map(artifact),
    },
    content: text,
  };
}

function attestation(item) {
  const {name, type} = membersOf(item, 'an attestation', ['name', 'type']);
  return {name: wordOf(name, 'name'), type: wordOf(type, 'type')};
}

function artifact(item) {
  const {name, attestations = []} = membersOf(item, 'an artifact', ['name', 'attestations']);
  return {name: wordOf(name, 'name'), attestations: listOf(attestations, '`attestations`').map(attestation)};
}

function membersOf(value, what, allowed) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} must be a mapping`);
  const unknown = Object.keys(value).find(name => !allowed.includes(name));
  if (unknown !== undefined) throw new Error(`${what} has no member \`${unknown}\``);
  return value;
}

function listOf(value, what) {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${what} must be a list`);
  return value;
}

function wordOf(value, what) {
  if (typeof value !== 'string' || value === '') throw new Error(`a \`${what}\` is missing in the template`);
  return value;
}

// YAML, in blocks. Scalars stay strings, an absent one is null.

function parse(text) {
  const lines = text.split(/\r\n|\r|\n/).map(lineOf).filter(line => line !== undefined);
  if (lines[0]?.text === '---' && lines[0].indent === 0) lines.shift();
  if (lines.length === 0) throw new Error('the template is empty');
  const state = {lines, at: 0};
  const value = block(state, lines[0].indent);
  if (state.at < lines.length) throw fault(lines[state.at], 'is indented like nothing above it');
  return value;
}

function lineOf(raw, index) {
  const text = uncommented(raw).trimEnd();
  const [blank] = /^ */.exec(text);
  const line = {number: index + 1, indent: blank.length, text: text.slice(blank.length)};
  // Some of these are blanks to YAML, some line breaks, some forbidden.
  if (/[\0-\x1F\x7F-\xA0\u2028\u2029\uFEFF]/.test(raw)) throw fault(line, 'has a tab or an invisible character');
  return line.text === '' ? undefined : line;
}

// A `#` begins a comment at the start or after a blank, outside quotes.
function uncommented(raw) {
  let quote;
  for (let at = 0; at < raw.length; at++) {
    const letter = raw[at];
    if (quote !== undefined) {
      if (letter === '\\' && quote === '"') at++;
      else if (letter === quote) quote = undefined;
    } else if ((letter === '"' || letter === '\'') && /(^|[ :-])$/.test(raw.slice(0, at))) quote = letter;
    else if (letter === '#' && /(^| )$/.test(raw.slice(0, at))) return raw.slice(0, at);
  }
  return raw;
}

function block(state, indent) {
  return isItem(state.lines[state.at]) ? list(state, indent) : mapping(state, indent);
}

const isItem = line => /^-( |$)/.test(line.text);

function list(state, indent) {
  const items = [];
  for (let line; (line = state.lines[state.at])?.indent === indent && isItem(line);) {
    const rest = line.text.slice(1).trimStart();
    if (rest === '') {
      state.at++;
      items.push(nested(state, indent + 1));
    } else {
      // `- name: x` is a block of its own that begins where `name` stands.
      const inner = {...line, indent: indent + line.text.length - rest.length, text: rest};
      state.lines[state.at] = inner;
      if (isItem(inner) || keyOf(inner) !== undefined) items.push(block(state, inner.indent));
      else items.push(scalar(state.lines[state.at++], rest));
    }
  }
  return items;
}

function mapping(state, indent) {
  const members = Object.create(null);
  for (let line; (line = state.lines[state.at])?.indent === indent && !isItem(line);) {
    const key = keyOf(line);
    if (key === undefined) throw fault(line, 'is neither `key: value` nor a list item');
    if (key.name in members) throw fault(line, `says \`${key.name}\` a second time`);
    state.at++;
    // The items of a list may stand as far left as its key.
    const next = state.lines[state.at];
    const ownList = next?.indent === indent && isItem(next);
    members[key.name] = key.rest === '' ? nested(state, ownList ? indent : indent + 1) : scalar(line, key.rest);
  }
  return members;
}

function nested(state, least) {
  const next = state.lines[state.at];
  return next !== undefined && next.indent >= least ? block(state, next.indent) : null;
}

function keyOf({text}) {
  const match = /^([A-Za-z_][\w-]*) *:(?: +(.*))?$/.exec(text);
  return match === null ? undefined : {name: match[1], rest: match[2] ?? ''};
}

function scalar(line, text) {
  if (text === '[]') return [];
  if (text === '{}') return {};
  if (text === '~' || text === 'null') return null;
  if (text.startsWith('"')) {
    try {
      return String(JSON.parse(text));
    } catch {
      throw fault(line, 'has a text in double quotes that is not understood here');
    }
  }
  if (text.startsWith('\'')) {
    if (!/^'(?:[^']|'')*'$/.test(text)) throw fault(line, 'has a text in single quotes that does not end');
    return text.slice(1, -1).replaceAll('\'\'', '\'');
  }
  // What stays plain in YAML: no indicator first, no `: ` inside.
  if (/^(?:[[\]{},&*!|>%@`]|[-?:](?: |$))|: |:$/.test(text)) throw fault(line, 'is YAML that is not understood here');
  return text;
}

const fault = (line, what) => new Error(`line ${line.number} of the template ${what}: \`${line.text}\``);
