// Search and filters, of the time line and the table alike.
import {element, fill, find} from './elements.js';

const OF = {
  environment: ({row}) => row.name,
  holder: ({item}) => item.by,
  kind: ({word}) => word,
  state: ({item}) => item.state,
};

export function filtersOf(state, changed) {
  const {records} = state;
  const form = find('filters');
  const selects = Object.entries(OF).map(([id, of]) => {
    const values = [...new Set(records.map(of).filter(Boolean))].sort();
    const select = find(id);
    fill(select, [element('option', {value: ''}, 'all'), ...values.map(value => element('option', {value}, value))]);
    if (values.length < 2) select.parentElement.hidden = true;
    return {select, of};
  });
  if (state.timeline.kind === 'windows') find('environment').parentElement.firstChild.textContent = 'Row ';
  const narrow = matchMedia('(max-width: 700px)'); // as in page.css
  const fold = () => { find('more').open = !narrow.matches; };
  narrow.addEventListener('change', fold);
  fold();
  const apply = () => {
    const words = find('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter(({select}) => select.value !== '');
    state.shown = records.filter(record => words.every(word => record.needle.includes(word)) && wanted.every(({select, of}) => of(record) === select.value));
    state.isFiltered = words.length + wanted.length > 0;
    changed();
    state.say(`${state.shown.length} of ${records.length} records`);
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
}
