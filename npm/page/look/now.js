// The flag that says `now`, above the line of now.

const FLAG = 32;

/** Where it begins, or `undefined` where now is not seen; at an edge it stands beside its line, whole. */
export function flagOf({x, left, right, unit}, now, from = left, to = right) {
  const at = x(now);
  if (at < left - 1 || at > right + 1) return undefined;
  const width = FLAG * unit;
  return {x: Math.min(Math.max(at - width / 2, from), to - width), width};
}

/** Whether a word of that width would be under it. */
export const isUnder = (flag, x, width) => flag !== undefined && x < flag.x + flag.width + 3 && x + width > flag.x - 3;
