/** What a change must be, on one line: `commit=4f1c2ab and kind=hotfix or fix but not fixture`. */
export const matchWords = match => Object.entries(match).map(([key, globs]) => `${key}=${globWords(globs)}`).join(' and ');

function globWords(globs) {
  const [ins, outs] = [false, true].map(isOut => globs.filter(glob => glob.startsWith('!') === isOut));
  return [ins, outs.map(glob => glob.slice(1))].filter(some => some.length > 0).map(some => some.join(' or ')).join(' but not ');
}
