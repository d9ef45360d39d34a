// What tells bars apart without a colour: lines across them, a shape like any other. (Fills of patterns make a printed page megabytes long.)

const HATCHES = {
  slash: {gap: 8, width: 1.4, stroke: 'window', slants: [-1]},
  back: {gap: 8, width: 1, stroke: 'closed', slants: [1]},
  cross: {gap: 5.5, width: 1.5, stroke: 'overdue', slants: [-1, 1]},
  upright: {gap: 5, width: 1, stroke: 'allow', slants: [0]},
};

/** The lines over a box: `start` is where the bar begins, seen or not, so that they move along with it. */
export function hatchOf(name, {x, y, width, height}, start, unit) {
  const {gap, width: thick, stroke, slants} = HATCHES[name];
  const [step, inset] = [gap * unit, 0.5 * unit];
  const box = {left: x + inset, right: x + width - inset, top: y + inset, bottom: y + height - inset};
  const segments = slants.flatMap(slant => {
    const lean = slant * height; // from its upper to its lower end
    const first = Math.ceil((box.left - Math.max(lean, 0) - start) / step);
    const count = Math.max(0, Math.floor((box.right - Math.min(lean, 0) - start) / step) - first + 1);
    return Array.from({length: count}, (_, index) => lineIn(box, start + (first + index) * step, slant)).filter(Boolean);
  });
  return {shape: 'hatch', segments, stroke, width: thick * unit};
}

// The line that is at `at` on the upper edge, as far as it lies in the box.
function lineIn({left, right, top, bottom}, at, slant) {
  if (slant === 0) return at > left && at < right ? [at, top, at, bottom] : undefined;
  const yAt = x => top + (x - at) / slant;
  const [a, b] = [left, right].map(x => Math.min(Math.max(yAt(x), top), bottom));
  const xAt = y => at + (y - top) * slant;
  return Math.abs(a - b) < 0.5 ? undefined : [xAt(a), a, xAt(b), b];
}
