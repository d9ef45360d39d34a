// What a command line is made of, as `parseArgs` of node:util tells it, with its tokens and not strict. To load that takes 4 % of a gate.

/** `[{kind: 'option', name, rawName, index, value, inlineValue} | {kind: 'positional' | 'option-terminator', index, value}]`; `options` as `parseArgs` takes them. */
export function tokensOf(args, options) {
  const tokens = [];
  const rest = args.map((text, index) => ({text, index}));
  const nameOf = letter => Object.keys(options).find(name => options[name].short === letter) ?? letter;
  const takesValue = name => Object.hasOwn(options, name) && options[name].type === 'string';
  const option = (name, rawName, index, value) => {
    const next = value === undefined && takesValue(name) ? rest.shift()?.text : undefined;
    tokens.push({kind: 'option', name, rawName, index, value: value ?? next, inlineValue: value !== undefined || (next === undefined ? undefined : false)});
  };

  while (rest.length > 0) {
    const {text, index} = rest.shift();
    if (text === '--') return [...tokens, {kind: 'option-terminator', index}, ...rest.map(({text: value}, place) => ({kind: 'positional', index: index + 1 + place, value}))];
    if (text === '-' || !text.startsWith('-')) tokens.push({kind: 'positional', index, value: text});
    else if (text.startsWith('--')) {
      const name = text.slice(2, text.includes('=', 3) ? text.indexOf('=') : undefined); // which has a letter at least
      const after = name.length + 2;
      option(name, `--${name}`, index, after < text.length ? text.slice(after + 1) : undefined);
    } else {
      const name = nameOf(text[1]);
      if (text.length === 2) option(name, text, index);
      else if (takesValue(name)) option(name, text.slice(0, 2), index, text.slice(2));
      else rest.unshift(...lettersOf(text, letter => takesValue(nameOf(letter))).map(each => ({text: each, index})));
    }
  }
  return tokens;
}

// `-vh` is `-v -h`, and `-veprod` is `-v -eprod`.
function lettersOf(group, takesValue) {
  const letters = group.slice(1).split('');
  const last = letters.findIndex(takesValue);
  return last < 0 ? letters.map(letter => `-${letter}`) : [...letters.slice(0, last).map(letter => `-${letter}`), `-${group.slice(1 + last)}`];
}
