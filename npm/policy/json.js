// JSON that says where it is wrong, and where things are in it. `JSON.parse` tells neither, and takes the last of two equal keys.

const DEEPEST = 100;

const SPACE = /[ \t\n\r]*/y;
const LETTERS = /[^"\\\u0000-\u001F]*/y; // no pattern repeats what repeats: each letter is looked at once
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const OTHER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** `{document, offsetOf(keys)}`; `fail(offset, words)` is called where it is no JSON, or says a thing twice. */
export function parseJson(text, fail) {
  if (text.trim() === '') return {document: undefined, offsetOf: () => 0};
  const root = scan(text, fail);
  const offsetOf = keys => {
    let place = root;
    for (const key of keys) {
      if (!place.inside?.has(key)) break; // whatever is nearest
      place = place.inside.get(key);
    }
    return place.offset;
  };
  return {document: JSON.parse(text), offsetOf};
}

// The places of all values: `{offset, inside?: Map}`, the offset of a member is its key's.
function scan(text, fail) {
  let at = 0;
  const take = pattern => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  const next = character => {
    take(SPACE);
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const wanted = what => fail(at, at >= text.length ? `it ends where ${what} should come` : `\`${[...text.slice(at, at + 2)][0]}\` stands where ${what} should come`);

  // With its quotes; `undefined` where none begins, or ends.
  function string() {
    const begin = at;
    if (text[at] !== '"') return undefined;
    at++;
    do take(LETTERS);
    while (take(ESCAPE) !== undefined);
    if (text[at] === '"') return text.slice(begin, ++at);
    at = begin;
    return undefined;
  }

  function value(depth) {
    if (depth > DEEPEST) fail(at, 'it is nested too deeply');
    take(SPACE);
    const offset = at;
    if (next('{')) return {offset, inside: members(depth)};
    if (next('[')) return {offset, inside: items(depth)};
    if (string() === undefined && take(OTHER) === undefined) {
      if (text[at] === '"') fail(at, 'this text does not end on its line, or has a `\\` or a control character that JSON does not know');
      wanted('a value');
    }
    return {offset};
  }

  function members(depth) {
    const inside = new Map();
    if (next('}')) return inside;
    do {
      take(SPACE);
      const offset = at;
      const quoted = string() ?? wanted('a key in double quotes');
      const key = JSON.parse(quoted);
      if (inside.has(key)) fail(offset, `\`${key}\` stands twice`);
      if (!next(':')) wanted('a colon');
      inside.set(key, {...value(depth + 1), offset});
    } while (next(','));
    if (!next('}')) wanted('a comma or `}`');
    return inside;
  }

  function items(depth) {
    const inside = new Map();
    if (next(']')) return inside;
    do inside.set(inside.size, value(depth + 1));
    while (next(','));
    if (!next(']')) wanted('a comma or `]`');
    return inside;
  }

  const root = value(0);
  take(SPACE);
  if (at < text.length) wanted('its end');
  return root;
}
