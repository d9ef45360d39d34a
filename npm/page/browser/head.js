// The top of the page, and the legend.
import {legendOf} from '../look/legend.js';
import {drawn, isTime} from '../look/svg.js';
import {element, find, picture} from './elements.js';

export function headOf({timeline: {now, tiles}, zone}) {
  find('as-of').textContent = `as of ${zone.full(now)}${agoOf(Date.now() - now)}`;
  find('tiles').replaceChildren(...tiles.map(([name, value, isAlarm]) =>
    element('div', {class: isAlarm ? 'alarm' : undefined}, element('dt', {}, name), element('dd', {}, isTime(value) ? zone.near(value, now) : String(value)))));
}

function agoOf(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 5) return '';
  const [count, unit] = minutes < 120 ? [minutes, 'minute'] : minutes < 2880 ? [Math.floor(minutes / 60), 'hour'] : [Math.floor(minutes / 1440), 'day'];
  return ` (${count} ${unit}s ago)`;
}

export function legend(timeline) {
  find('legend').replaceChildren(...legendOf(timeline).map(entry => element('li', {}, sample(entry), entry.text)));
}

/** The little picture of a kind and a state. */
export const sample = ({shapes, width}) => picture(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 0 ${width + 4} 18" height="18" aria-hidden="true">${shapes.map(shape => drawn(shape)).join('')}</svg>`);
