// A policy's file (nodeploy.yaml, nodeploy.json) as the core takes it: the calendars that it names are read with it.
import {dirname, resolve, win32} from 'node:path';
import {readText} from './bytes.js';
import {PolicyError} from './error.js';

/** The `policy` of a call. Throws a `PolicyError` whose text begins with the file: `nodeploy.yaml:7:12: …`. */
export const readPolicy = async path => (await openPolicy(path)).policy;

/** `{policy, at}`: what it says, and where it says so: `at(['windows', 3, 'timezone'])` -> `nodeploy.yaml:7:5`. */
export async function openPolicy(path) {
  const text = textOf(path, (words, advice) => {
    throw new PolicyError(`${path}: ${words}`, advice);
  });
  const placed = offset => `${path}:${place(text, offset)}`;
  const fail = (offset, words, advice) => {
    throw new PolicyError(`${placed(offset)}: ${words}`, advice);
  };
  // YAML takes its time to load, and JSON needs none of it.
  const {document, offsetOf} = path.toLowerCase().endsWith('.json')
    ? (await import('./json.js')).parseJson(text, fail)
    : await (await import('./yaml.js')).parseYaml(text, fail);
  const at = keys => placed(offsetOf(keys));
  if (document === null || document === undefined) throw new PolicyError(`${path}: it is empty`, EXAMPLE);
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new PolicyError(`${at([])}: it holds ${Array.isArray(document) ? 'a list' : 'a single value'}, not an object`, EXAMPLE);
  }
  refuseBlanks(document, at);
  return {policy: withCalendars(document, {path, at}), at};
}

// A key that somebody has left blank in YAML is null: to the core as if it were not there, and to a person perhaps not.
function refuseBlanks({policy, windows, exceptions, approvals}, at) {
  const blank = keysOfBlank({policy, exceptions, approvals}) ?? (Array.isArray(windows) ? windows : []) // of anything else the core says what is wrong with it
    .flatMap((window, index) => Object.keys(window ?? {}).filter(key => window[key] === null).map(key => ['windows', index, key]))[0];
  if (blank) throw new PolicyError(`${at(blank)}: \`${blank.at(-1)}\` is blank`, 'give it a value, or take the key out');
}

// Where the first null is: `['approvals', 'accounts']`.
function keysOfBlank(value) {
  if (value === null) return [];
  if (typeof value !== 'object') return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const keys = keysOfBlank(inner);
    if (keys) return [Array.isArray(value) ? Number(key) : key, ...keys];
  }
  return undefined;
}

const EXAMPLE = 'a policy is an object with the list `windows`; without any it says `windows: []`';

function textOf(path, fail) {
  const {text, trouble, advice} = readText(path);
  if (trouble) fail(trouble, advice ?? 'name the policy\'s file: --policy FILE; without freeze windows say so: --policy=');
  return text;
}

// In the file a calendar is named, in the call it is there: once, however many windows name it.
function withCalendars(document, {path, at}) {
  if ('calendars' in document) throw new PolicyError(`${at(['calendars'])}: there is no key \`calendars\``, 'name a calendar in the window that goes by it: calendar: holidays.ics');
  if (!Array.isArray(document.windows)) return document; // the core says what is wrong with it
  const calendars = {};
  for (const [index, window] of document.windows.entries()) {
    const calendar = window?.calendar;
    if (typeof calendar !== 'string' || window.suspended === true) continue; // a suspended one is as if it were not there
    const fail = (words, advice) => {
      throw new PolicyError(`${at(['windows', index, 'calendar'])}: the calendar \`${calendar}\` ${words}`, advice);
    };
    if (!Object.hasOwn(calendars, calendar)) {
      const text = calendarOf(calendar, path, fail);
      Object.defineProperty(calendars, calendar, {value: text, enumerable: true}); // also `__proto__`
    }
  }
  return Object.keys(calendars).length > 0 ? {...document, calendars} : document;
}

function calendarOf(calendar, policyPath, fail) {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(calendar)) fail('is a URL, and a gate must not wait for one', 'keep it as a file beside the policy, and let a job of its own update that');
  if (/^\s*$|[\r\n]/.test(calendar)) fail('is not a file name', 'it is relative to the policy\'s folder: calendar: holidays.ics');
  // Whoever may change a policy in a pull request must not have this process read its own variables, or anybody's keys.
  if (win32.parse(calendar).root !== '' || calendar.split(/[\\/]/).includes('..')) {
    fail("leads out of the policy's folder", 'a calendar is a file in that folder, or below it: calendar: holidays.ics');
  }
  const folder = dirname(policyPath);
  const path = resolve(folder, calendar);
  const {text, trouble, advice} = readText(path, {within: folder, isFolded: true});
  if (trouble) fail(`cannot be read: ${path}: ${trouble}`, advice ?? 'its name is relative to the policy\'s folder');
  return text;
}

// `7:12`, both from 1.
function place(text, offset) {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}
