// On paper: still pictures in place of the canvas, and the whole table.
import {stillOf} from '../still.js';
import {fill, find, picture} from './elements.js';

export function printing(state, table) {
  addEventListener('beforeprint', () => {
    const timeline = {...state.timeline, rows: state.rowsShown};
    fill(find('print'), stillOf(timeline, state.zone, state.view).map(picture));
    table.show(true);
  });
  addEventListener('afterprint', () => {
    find('print').replaceChildren();
    table.show();
  });
}
