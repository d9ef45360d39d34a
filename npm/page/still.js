// Still pictures of all rows, a few in each: no sheet of paper cuts a row in two.
import {spanIn, svgOf} from './look/svg.js';

const PART = 24;
const WIDTH = 1000;

/** As texts; `span` is what of the time is shown, or all of it. */
export function stillOf(timeline, zone, span = spanIn(WIDTH, timeline)) {
  const count = Math.max(1, Math.ceil(timeline.rows.length / PART));
  return Array.from({length: count}, (_, index) =>
    svgOf(timeline, {zone, span, width: WIDTH, rows: timeline.rows.slice(index * PART, (index + 1) * PART), isPart: true, id: `still-${index}`}));
}
