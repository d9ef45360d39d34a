// How environments stand, and when they are closed, in the form in which `status` and `windows` give them.
import {NOW} from './histories.js';

const now = Date.parse(NOW);
const DAY = 86_400_000;
const iso = at => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** So many environments: whatever closes one, and when that changes; `texts` stand for names, people and reasons. */
export function standing({environments, texts = ['steve', 'database migration', 'weekend']}) {
  const text = index => texts[index % texts.length];
  const overview = Array.from({length: environments}, (_, index) => {
    const hours = (index * 7919 % 400) / 2 + 0.3;
    return {
      environment: texts.length > 3 ? text(index) : `prod-${index}`, type: 'K8S', decision: ['proceed', 'refuse', 'refuse', 'error'][index % 4], reason: ['not_frozen', 'frozen', 'freeze_window', 'tags_unreadable'][index % 4],
      by: text(index), why: text(index + 1), since: iso(now - hours * 1e6), until: index % 2 ? iso(now + (index % 7 - 2) * hours * 1e6) : null, freezes: index % 4 === 1 ? 1 + index % 3 : 0, windows: index % 4 === 2 ? [text(index + 2)] : [],
      opens_at: index % 4 === 1 || index % 4 === 2 ? iso(now + hours * 3_600_000) : null, closes_at: index % 4 === 0 ? iso(now + hours * 3_600_000) : null,
    };
  });
  return {last: {decision: 'proceed', overview, warnings: [{code: 'x', text: text(1)}], summary: text(0), action: {at: NOW}}, summary: text(0)};
}

/** Closures of so many windows in so many days, every week; one of them an allow window. */
export function closing({windows, days, texts = ['weekend', 'the books are closed', 'release@acme.io']}) {
  const text = index => texts[index % texts.length];
  const name = index => texts.length > 3 ? text(index) : `window-${index}`;
  const all = Array.from({length: windows}, (_, index) => ({
    name: name(index), effect: index % 3 === 2 ? 'allow' : 'freeze', active: index % 2 === 0, reason: text(index + 1), contact: text(index + 2), rule: text(index), timezone: 'Europe/Berlin', starts_at: iso(now + index * 7 * 3_600_000), ends_at: iso(now + (index + 3) * 9 * 3_600_000),
  }));
  const closures = all.filter(({effect}) => effect === 'freeze').flatMap(({name, reason, contact, timezone}, index) => Array.from({length: Math.ceil(days / 7)}, (_, week) => {
    const from = now + week * 7 * DAY + (index - 1) * 11 * 3_600_000;
    return {name, effect: week % 4 === 3 ? 'allow' : 'freeze', starts_at: iso(from), ends_at: week === 11 ? null : iso(from + (index % 5 + 1) * 9 * 3_600_000), reason, contact, timezone};
  }));
  return {decision: 'proceed', closures, windows: all, warnings: [{code: 'x', text: text(2)}], summary: text(0), action: {at: NOW, days}};
}
