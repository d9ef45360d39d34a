// Texts made to keep a parser busy, of any length: for the test that counts its steps, and for the bench that times them.
const fill = (unit, length) => unit.repeat(Math.floor(length / unit.length));
const number = (length, make) => Array.from({length: Math.floor(length / 20)}, (_, index) => make(index)).join('');

/** By what they are: a function of the length. */
export const YAML = {
  'aliases in one line': length => `a: &a x\nb: [${fill('*a,', length)}]`,
  'aliases in many lines': length => `a: &a x\nb:\n${fill('- *a\n', length)}`,
  'an anchor for each alias': length => `b:\n${number(length, index => `- &a${index} x\n- *a${index}\n`)}`,
  'anchors that nothing repeats': length => fill('- &a x\n', length),
  'commas': length => `[${fill(',', length)}`,
  'brackets that close nothing': length => fill(']', length),
  'empty maps': length => `[${fill('{},', length)}]`,
  'pairs in a list': length => `[${fill('a: b,', length)}]`,
  'keys': length => number(length, index => `a${index}: b\n`),
  'a key again and again': length => fill('a: b\n', length),
  'keys of lists': length => fill('? [a]\n: b\n', length),
  'dashes of a list in brackets': length => `[${fill('- a,', length)}]`,
  'comments': length => `a:\n${fill('- b\n# x\n', length)}`,
  'blank lines': length => `a:${fill('\n', length)}  b: c`,
  'a text of many lines': length => `a: ${fill('b\n  ', length)}`,
  'a text that does not end': length => `a: "${fill('b', length)}`,
  'a text that ends in an escape': length => `a: "${fill('\\"', length)}`,
  'escapes that are none': length => `a: "${fill('\\q', length)}"`,
  'a block': length => `a: >\n${fill('   b\n  c\n', length)}`,
  'spaces': length => `a:${fill(' ', length)}b`,
  'a long number': length => `a: ${fill('1', length / 2)}.${fill('1', length / 2)}e`,
  'a long key': length => `${fill('k', length)}: v`,
  'documents': length => fill('---\na\n', length),
  'directives': length => `${fill('%YAML 1.2\n', length)}--- a`,
};

export const JSON_TEXTS = {
  'a text that does not end': length => `{"a": "${fill('b', length)}`,
  'a text of escapes that does not end': length => `{"a": "${fill('\\n', length)}`,
  'a text with an escape that is none': length => `{"a": "${fill('b', length)}\\q"}`,
  'a long number': length => `[${fill('1', length / 3)}.${fill('1', length / 3)}e${fill('1', length / 3)}x`,
  'spaces': length => `${fill(' ', length)}x`,
  'a list': length => `[${fill('1,', length)}1]`,
  'a list that does not end': length => `[${fill('"a",', length)}`,
  'keys': length => `{${number(length, index => `"a${index}": 1, `)}"a": 1}`,
};
