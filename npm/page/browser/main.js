// The script of the page. All of what it shows is in the page itself; it asks nobody.
import {spanOf} from '../look/svg.js';
import {zone} from '../look/zone.js';
import {chartOf} from './chart.js';
import {element, find} from './elements.js';
import {filtersOf} from './filters.js';
import {headOf, legend} from './head.js';
import {printing} from './printing.js';
import {recordOf} from './record.js';
import {recordsOf} from './records.js';
import {tableOf} from './table.js';

const timeline = JSON.parse(find('data').textContent);
const records = recordsOf(timeline);
// What every part looks at; a part that changes it calls `show`.
const state = {timeline, records, shown: records, whole: spanOf(timeline), zone: zone(false), say};

find('live-page').hidden = false;
const open = recordOf(state);
const chart = chartOf(state, open);
const table = tableOf(state, open);
const showAll = () => {
  headOf(state);
  chart.show();
  table.show();
};
filtersOf(state, () => {
  chart.arrange();
  table.first();
});
legend(timeline);
zones();
printing(state, table);
chart.arrange();
showAll();

// Where the reader is, or UTC: what they agree on with others.
function zones() {
  const [here, utc] = [state.zone, zone(true)];
  if (here.name === 'UTC' || here.name === 'Etc/UTC') {
    state.zone = utc;
    return find('zones').append('times in UTC');
  }
  find('zones').append(...[here, utc].map((each, index) => {
    const input = element('input', {type: 'radio', name: 'zone'});
    input.checked = index === 0;
    input.addEventListener('change', () => {
      state.zone = each;
      showAll();
      say(`times in ${each.name}`);
    });
    return element('label', {}, input, each.name);
  }));
}

/** For those who do not see it. */
function say(text) {
  find('live').textContent = text;
}
