// A time line: rows of bars and marks, made of what `report`, `windows` and `status` answer. Plain JSON, times in milliseconds.
//
//   {kind, title, about, now, from, to, tiles: [[name, value, isAlarm]], notes: [text], rows: [row], nothing, doubt}
//   `nothing` is what is said where the rows have no item; `doubt`, of a report, what is not known
//   row   {name, detail, state: open | closed | unknown | null, says, url, items: [item]}; `url` is Kosli's page of it, where that is known
//   item  {kind, state, from, to, label, by, what, facts: [[name, text or time]], parts: [[title, [[time, text …]]]], url}
//         `to` is null where no end is known, and `from` of a mark; `until`: the planned end of a freeze;
//         `isVague`: it has ended, at `to` at the latest, and nobody knows when
import {ofReport} from './of-report.js';
import {ofStatus} from './of-status.js';
import {ofWindows} from './of-windows.js';
import {link} from './plain.js';

/** The time line of an outcome of that verb, as the command line has it; `about` is `{verb, environment, policy, now, pages}`: below `pages` Kosli has one of each environment. */
export function timelineOf(outcome, about) {
  const timeline = ofVerb(outcome, about);
  const areEnvironments = about.verb !== 'windows' || about.environment;
  return about.pages && areEnvironments ? {...timeline, rows: timeline.rows.map(row => ({...row, url: link(about.pages + encodeURIComponent(row.name))}))} : timeline;
}

function ofVerb(outcome, about) {
  if (about.verb === 'report') return ofReport(outcome, about);
  if (about.verb === 'windows') return ofWindows(outcome, about);
  return ofStatus(outcome, about);
}
