// The table: the same records, for whoever reads rather than looks. A page of it at a time, so that thousands cost no more than a hundred.
import {BARS} from '../kinds.js';
import {sampleOf} from '../look/legend.js';
import {element, fill, find} from './elements.js';
import {sample} from './head.js';
import {titleOf} from './records.js';

const PAGE = 100;

export function tableOf(state, open) {
  const body = find('table').tBodies[0];
  let page = 0;
  let rows = []; // the records of the rows of now
  body.addEventListener('click', event => {
    const row = event.target.closest('tr');
    if (row && rows[row.sectionRowIndex]) open(rows[row.sectionRowIndex]);
  });
  const pages = () => Math.max(1, Math.ceil(state.shown.length / PAGE));
  const turn = by => {
    page += by;
    show();
    state.say(find('count').textContent);
    (find(by < 0 ? 'previous' : 'next').disabled ? find(by < 0 ? 'next' : 'previous') : find(by < 0 ? 'previous' : 'next')).focus();
  };
  find('previous').addEventListener('click', () => turn(-1));
  find('next').addEventListener('click', () => turn(1));
  if (state.timeline.kind === 'windows') find('table').tHead.rows[0].cells[1].textContent = 'Row';
  if (!state.records.some(({item}) => item.by)) find('table').classList.add('of-nobody');

  function show(isWhole = false) {
    const from = isWhole ? 0 : page * PAGE;
    rows = state.shown.slice(from, isWhole ? undefined : from + PAGE);
    const all = state.shown.length;
    find('count').textContent = all === 0 ? 'none' : rows.length === all ? `${all}${state.isFiltered ? ` of ${state.records.length}` : ''}` : `${from + 1} to ${from + rows.length} of ${all}`;
    find('page').textContent = `page ${page + 1} of ${pages()}`;
    find('previous').disabled = page === 0;
    find('next').disabled = page + 1 >= pages();
    find('previous').parentElement.hidden = pages() === 1;
    fill(body, rows.length > 0 ? rows.map(record => rowOf(record, state.zone)) : [element('tr', {}, element('td', {colspan: 6, class: 'nothing'}, state.isFiltered ? 'Nothing matches. \u201CShow all\u201D clears the filters.' : state.timeline.nothing))]);
  }
  return {
    show,
    first() {
      page = 0;
      show();
    },
  };
}

function rowOf(record, zone) {
  const {item, row} = record;
  const {from, to, until, by, what, label, kind, state, isVague} = item;
  const end = isVague ? 'not known' : to !== null ? zone.full(to) : !(kind in BARS) ? '' : until === undefined ? 'open' : `${state === 'overdue' ? 'overdue since' : 'open, until'} ${zone.full(until)}`;
  const capped = text => element('span', {class: 'text'}, text); // its record has all of it
  const cell = (text, name) => element('td', {class: name}, capped(text));
  return element('tr', {},
    element('td', {}, element('button', {type: 'button'}, sampleFor(kind, state), capped(titleOf(record)))),
    cell(row.name), cell(zone.full(from)), cell(end, 'wide'), cell(by ?? '', 'wide'), cell(what || label, 'wide'));
}

const samples = new Map();

function sampleFor(kind, state) {
  const key = `${kind} ${state}`;
  if (!samples.has(key)) samples.set(key, sample(sampleOf({kind, state})));
  return samples.get(key).cloneNode(true);
}
