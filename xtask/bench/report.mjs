// What the benchmarks share: measuring, and the lines that `cargo xtask bench` makes its table of.

/** The folder to work in; whoever starts the script removes it. */
export const [, , folder] = process.argv;

/** The middle one of some numbers. */
export const median = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Milliseconds that `work` takes. */
export function time(work) {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** The median of each work's times, taken in turns, after a warm-up. */
export function interleaved(rounds, works) {
  const all = works.map(() => []);
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    works.forEach((work, index) => {
      const took = time(work);
      if (round >= 0) all[index].push(took);
    });
  }
  return all.map(median);
}

/** A row of the table: `used` is how much of `limit` was measured; without a limit a row is there for comparison. */
export const row = ({what, measured, outOf = '', limit = '', used}) =>
  console.log(['row', what, measured, outOf, limit, used === undefined ? '' : `${Math.round(used * 100)} %`].join('\t'));

/** A row whose measure is how many times longer `ours` takes than `theirs`, in milliseconds. */
export const ratioRow = ({what, ours, theirs, limit}) =>
  row({what, measured: times(ours / theirs), outOf: `${duration(ours)} / ${duration(theirs)}`, ...(limit && {limit: times(limit), used: ours / theirs / limit})});

export function duration(milliseconds) {
  return milliseconds < 1 ? `${(milliseconds * 1000).toFixed(1)} µs` : `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

const times = ratio => `${ratio.toFixed(ratio < 10 ? 2 : 0)}x`;
