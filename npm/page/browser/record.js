// The record of one bar or mark, in a dialog.
import {element, fill, find} from './elements.js';
import {titleOf} from './records.js';

/** `open(record)` shows it. */
export function recordOf(state) {
  const dialog = find('record');
  find('close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => { // beside it
    if (event.target === dialog) dialog.close();
  });
  return record => {
    const {item, row} = record;
    const {zone} = state;
    const value = one => typeof one === 'number' ? when(one, zone) : one;
    find('record-title').textContent = [titleOf(record), item.label].filter(Boolean).join(': ');
    const facts = [['Environment', row.name], ...item.facts].flatMap(([name, fact]) => [element('dt', {}, name), element('dd', {}, value(fact))]);
    const parts = item.parts.flatMap(([title, lines]) => [
      element('h3', {}, `${title} (${lines.length})`),
      fill(element('ul'), lines.map(([at, ...texts]) => element('li', {}, ...(at === null ? [] : [when(at, zone), ' ']), texts.join(' \u00B7 ')))),
    ]);
    const pages = [[item.url, 'Its record in Kosli'], [row.url, 'Its environment in Kosli']].filter(([url]) => url);
    const links = pages.map(([href, text]) => element('p', {}, element('a', {href, rel: 'noreferrer noopener', target: '_blank'}, text)));
    find('record-body').replaceChildren(element('dl', {}, ...facts), ...parts, ...links);
    dialog.showModal();
    find('record-body').scrollTop = 0;
    find('close').focus();
  };
}

const when = (at, zone) => element('time', {datetime: new Date(at).toISOString()}, zone.full(at));
