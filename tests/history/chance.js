// Chance from a seed: the same seed, the same year.

/** `{below(n), between(a, b), is(share), one(list), some(list, n), hex(n)}`; whole numbers, `b` included. */
export function chance(seed) {
  let state = seed >>> 0;
  // mulberry32
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = count => Math.floor(next() * count);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    is: share => next() < share,
    one: list => list[below(list.length)],
    some(list, count) {
      const left = [...list];
      return Array.from({length: count}, () => left.splice(below(left.length), 1)[0]);
    },
    hex: length => Array.from({length}, () => below(16).toString(16)).join(''),
  };
}
