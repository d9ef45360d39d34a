// What a request carries: its parameters, its JSON, its form. What is not understood is refused, never passed over.
import {Refusal, invalid, refuse} from './input.js';

/** Refuses parameters of other names: a filter that is not understood must not pass for one that found everything. */
export function onlyKnown(query, names) {
  const unknown = [...query.keys()].find(name => !names.includes(name));
  if (unknown !== undefined) throw invalid({[unknown]: `the local Kosli does not know the parameter '${unknown}'`});
}

/** One of the words that a parameter may have; the first if it is absent. */
export function chosen(query, name, [usual, ...others]) {
  const value = query.get(name) ?? usual;
  if (![usual, ...others].includes(value)) throw invalid({[name]: `'${value}' is not one of ${[usual, ...others].join(', ')}`});
  return value;
}

export const jsonOf = ({json}) => json === undefined ? refuse(new Refusal(415, 'The body must be JSON')) : json;

/** The fields of a multipart form: JSON in `data_json`, files in `fileField`, nothing else. */
export function formOf({form}, fileField) {
  if (form === undefined) throw new Refusal(415, 'The body must be a multipart form');
  const stranger = form.find(({name, filename}) => name !== 'data_json' && (name !== fileField || filename === undefined));
  if (stranger !== undefined) throw invalid({[stranger.name]: `Additional properties are not allowed ('${stranger.name}' was unexpected)`});
  const [data, ...more] = form.filter(({name}) => name === 'data_json');
  if (data === undefined || more.length > 0) throw invalid({data_json: '\'data_json\' is required once'});
  return {data: parseJson(textOf(data)), files: form.filter(({name}) => name === fileField)};
}

/** The text of a form's field. */
export function textOf({name, value}) {
  if (typeof value === 'string') return value;
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(value);
  } catch {
    throw invalid({[name]: 'it is not UTF-8'});
  }
}

/** Parses the JSON of a request. */
export function parseJson(text) {
  if (isDeep(text)) throw new Refusal(400, 'The JSON is nested too deeply');
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON');
  }
}

// Far less than what would overflow the stack when it is written or shown again.
const mostNested = 100;

function isDeep(text) {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '[' || letter === '{') {
      if (++depth > mostNested) return true;
    } else if (letter === ']' || letter === '}') depth--;
  }
  return false;
}
