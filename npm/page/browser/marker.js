// One button that stands on one bar or mark after the other: thousands of them are one stop of the Tab key.
import {find} from './elements.js';
import {sentenceOf} from './records.js';

export function marker(chart) {
  const {state} = chart;
  const button = find('mark');
  let current; // {item, row}: the row as it is arranged
  button.addEventListener('click', () => current && chart.open(chart.records.get(current.item)));
  button.addEventListener('focus', () => go(current ?? first()));
  button.addEventListener('blur', place);

  return {
    place,
    /** After rows have changed: on the same one, if it is still there. */
    keep() {
      current = current && all().find(({item}) => item === current.item);
      button.hidden = chart.records.size === 0;
      name();
    },
    /** When it is that it stands on, as far as that is seen. */
    time() {
      const {from, to} = state.view;
      return current && Math.min(Math.max(current.item.from, from), to);
    },
    /** To the next one in the row, by so many. */
    step(by) {
      const marks = inRow(current.row);
      const at = marks.findIndex(({item}) => item === current.item);
      go(marks[Math.max(0, Math.min(marks.length - 1, at + by))]);
    },
    /** To the nearest in time of another row. */
    row(by) {
      const rows = chart.arranged.rows.filter(row => row.row.items.length > 0);
      const next = rows[rows.indexOf(current.row) + by];
      if (next) go(inRow(next).reduce((best, mark) => Math.abs(mark.item.from - current.item.from) < Math.abs(best.item.from - current.item.from) ? mark : best));
    },
  };

  function all() {
    return chart.arranged.rows.flatMap(inRow);
  }

  function inRow(row) {
    return row.row.items.map(item => ({item, row})).sort((a, b) => a.item.from - b.item.from);
  }

  // The first that is seen, else the first of all.
  function first() {
    const marks = all();
    const {from, to} = state.view;
    return marks.find(({item}) => item.from >= from && item.from <= to) ?? marks[0];
  }

  function go(mark) {
    if (!mark) return;
    current = mark;
    name();
    chart.reveal(mark.item, mark.row);
    state.say(button.getAttribute('aria-label'));
  }

  function name() {
    const record = current && chart.records.get(current.item);
    button.setAttribute('aria-label', record ? sentenceOf(record, state.zone) : 'First bar or mark');
  }

  function place() {
    const box = current && chart.boxOf(current.item);
    const isSeen = box && document.activeElement === button;
    const {x, y, right, bottom} = isSeen ? {...box, x: Math.max(box.x, 0), right: Math.min(box.right, find('plot').clientWidth)} : {x: 0, y: 0, right: 1, bottom: 1};
    button.classList.toggle('away', !isSeen);
    Object.assign(button.style, {left: `${x}px`, top: `${y}px`, width: `${Math.max(right - x, 4)}px`, height: `${bottom - y}px`});
  }
}
