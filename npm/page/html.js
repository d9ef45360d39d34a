// The page: a template that is built once, and what one of them is about.
import {template} from 'page:template';
import {stillOf} from './still.js';

/** The whole page of a time line; `zone`: whose times a reader without scripts gets. */
export function pageOf(timeline, zone) {
  const texts = {
    title: escaped(timeline.title),
    about: escaped(timeline.about),
    doubt: escaped(timeline.doubt ?? ''),
    notes: timeline.notes.map(note => `<li>${escaped(note)}</li>`).join(''),
    still: stillOf(timeline, zone).join(''),
    data: dataOf(timeline),
  };
  return template.split(/%%(\w+)%%/).map((part, index) => index % 2 === 0 ? part : texts[part]).join('');
}

// In a script element nothing ends it, opens a comment in it, or breaks a line of it.
const dataOf = timeline => JSON.stringify(timeline).replace(/[<>&\u2028\u2029]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const ENTITIES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const escaped = words => words.replace(/[&<>"']/g, letter => ENTITIES[letter]);
