// Instants are whole seconds since 1970, as reports have them.

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const seconds = text => Date.parse(text) / 1000;

export const iso = instant => `${new Date(instant * 1000).toISOString().slice(0, 19)}Z`;

/** As ids have it: `2024-10-31T10.44.48`. */
export const stamp = instant => iso(instant).slice(0, -1).replaceAll(':', '.');

/** How long these half-open intervals last together: what two of them share counts once. */
export function unionOf(intervals) {
  let sum = 0;
  let end = -Infinity;
  for (const {from, to} of intervals.filter(({from, to}) => from < to).sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}
