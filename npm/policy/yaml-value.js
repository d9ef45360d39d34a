// What a YAML document says, put together in one walk: `yaml`'s own way looks for the anchor of each alias through all of the document.

const MOST_ALIASES = 1000; // of one anchor, those inside it counted
const LONGEST = 4 * 1024 * 1024; // of all texts once aliases are written out: no small file becomes an immense document

/** `{value, targets: Map}`, the targets being the nodes that aliases repeat; `fail(offset, words, advice)` is called where it has none. */
export function valueOf(contents, {text, parser: {isAlias, isMap, isScalar, isSeq}, fail}) {
  const marked = new Map(); // by anchor; `undefined` while what it marks has not ended
  const targets = new Map();
  let [length, aliases] = [0, 0];

  function read(node) {
    if (isAlias(node)) return repeat(node);
    const before = {length, aliases};
    const anchor = node?.anchor;
    if (anchor) marked.set(anchor, undefined);
    const value = isMap(node) ? members(node) : isSeq(node) ? node.items.map(read) : scalar(node);
    if (anchor) marked.set(anchor, {node, value, length: length - before.length, aliases: aliases - before.aliases, uses: 0});
    return value;
  }

  function members({items}) {
    const object = {};
    const keys = new Set();
    for (const {key, value} of items) {
      if (!isScalar(key)) fail(key?.range?.[0] ?? 0, 'a key is not a text');
      if (keys.has(key.value)) fail(key.range[0], `\`${key.value}\` stands twice`);
      keys.add(key.value);
      length += key.value.length;
      // A plain assignment would not make a member of `__proto__`.
      Object.defineProperty(object, key.value, {value: read(value), enumerable: true, writable: true, configurable: true});
    }
    return object;
  }

  function scalar(node) {
    const value = node?.value ?? null;
    if (typeof value === 'number' && !Number.isFinite(value)) fail(node.range[0], `\`${node.source}\` is not a number that JSON has`);
    if (node?.type === 'QUOTE_DOUBLE' && !isClosed(text, node.range)) fail(node.range[0], 'this text has no `"` at its end');
    length += 1 + (typeof value === 'string' ? value.length : 0);
    return value;
  }

  function repeat(alias) {
    const {source: anchor, range: [offset]} = alias;
    if (!marked.has(anchor)) fail(offset, `\`*${anchor}\` repeats what \`&${anchor}\` marks, and nothing is marked so`, quoted(`*${anchor}`));
    const target = marked.get(anchor);
    if (target === undefined) fail(offset, `\`*${anchor}\` stands inside of what it repeats`);
    target.uses += 1 + target.aliases;
    aliases += 1 + target.aliases;
    length += target.length;
    if (target.uses > MOST_ALIASES || length > LONGEST) fail(0, 'its aliases repeat too much', 'write out what they stand for');
    targets.set(alias, target.node);
    return target.value;
  }

  return {value: read(contents), targets};
}

/** What to do where YAML makes something else of a text. */
export const quoted = text => `a text like this goes into quotes: "${text}"`;

// `yaml` takes the quote of a last `\"` for the end of a text that was cut off.
function isClosed(text, [begin, end]) {
  let backslashes = 0;
  while (text[end - 2 - backslashes] === '\\') backslashes++;
  return end - begin >= 2 && text[end - 1] === '"' && backslashes % 2 === 0;
}
