// Histories of any size, the same of the same seed, in the form in which `report` gives them.

const DAY = 86_400_000;
export const NOW = '2026-11-29T12:00:00Z';

const iso = at => new Date(Math.round(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Numbers from 0 to 1, always the same (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PEOPLE = ['steve', 'maya', 'noah', 'zoe', 'ines', 'tom'];
const REASONS = ['database migration', 'payments down', 'quarter-end closing', 'incident 4711: checkout answers 500', 'load test', 'certificate rotation', 'vendor maintenance', 'audit week'];
const NAMES = ['prod-aws', 'prod-eu', 'prod-us', 'prod-payments', 'prod-search', 'staging', 'prod-data-platform-eu-central', 'edge', 'prod-mobile', 'reporting'];

/** The joined report of so many environments with so many freezes in all, in the last 90 days. `texts` stand for reasons. */
export function history({environments, freezes, seed = 1, days = 90, texts = REASONS, people = PEOPLE, names = NAMES}) {
  const random = numbers(seed);
  const pick = list => list[Math.floor(random() * list.length)];
  const now = Date.parse(NOW);
  const from = now - days * DAY;
  const all = Array.from({length: environments}, (_, index) => ({environment: `${names[index % names.length]}${index >= names.length ? `-${Math.floor(index / names.length) + 1}` : ''}`}));
  const counts = all.map((_, index) => Math.floor(freezes / environments) + (index < freezes % environments ? 1 : 0));
  return join(all.map(({environment}, index) => {
    const made = Array.from({length: counts[index]}, (_, at) => freezeOf({from: from + (at + random()) / counts[index] * (now - from), now, random, pick, people, texts, isLast: at === counts[index] - 1}));
    const exceptions = made.filter(() => random() < 0.15).map(freeze => exceptionOf(freeze, {pick, random, people, texts}));
    const deployments = made.filter(() => random() < 0.3).map((freeze, at) => deploymentOf(freeze, {pick, random, people, at, environment}));
    return {environment, from: iso(from), to: iso(now), freezes: made.sort((a, b) => a.since < b.since ? -1 : 1), exceptions, deployments, unreadable: [], warnings: [], error: null};
  }), {from: iso(from), to: iso(now)});
}

function freezeOf({from, now, random, pick, people, texts, isLast}) {
  const by = pick(people);
  const isWindow = random() < 0.25;
  const length = (isWindow ? 62 : 0.5 + random() ** 3 * 60) * 3_600_000;
  const state = from + length < now ? (isLast && random() < 0.3 ? 'overdue' : 'ended') : 'open';
  const until = isWindow || random() < 0.4 ? iso(state === 'overdue' ? from + length / 2 : from + length) : null;
  const since = iso(from);
  const id = `${since.replace('Z', '').replaceAll(':', '.')}~${isWindow ? 'window' : by}`;
  const end = state === 'ended' ? from + length : now;
  const refused = random() < 0.3 ? Array.from({length: 1 + Math.floor(random() * 3)}, (_, at) => ({at: iso(from + (at + 1) / 5 * (end - from)), run: `github/4${at}71`, change: {commit: '4f1c2ab9d8e7f6a5', actor: pick(people)}, reason: 'frozen', reported_by: 'ci-bot'})) : [];
  return {
    id, window: isWindow ? {policy: 'release', name: 'weekend'} : null, since, by: isWindow ? null : by, reported_by: 'ci-bot', reason: pick(texts), until, state: state === 'overdue' && until === null ? 'open' : state,
    ended: state === 'ended' ? {at: iso(end), by: isWindow ? null : pick(people), reported_by: 'ci-bot', reason: pick(texts), how: isWindow ? 'expired' : 'lifted'} : null,
    held: {from: since, to: iso(end), seconds: Math.round((end - from) / 1000)},
    said: random() < 0.1 ? [{at: iso(from + (end - from) / 3), by, reported_by: 'ci-bot', reason: pick(texts), until: null, what: 'restated'}] : [],
    refused, passed: random() < 0.1 ? [{at: iso(from + (end - from) / 2), run: 'github/5001', change: {commit: '4f1c2ab9d8e7f6a5', actor: pick(people)}, exception: 'exception-2026-10-01T10.00.00~maya', reported_by: 'ci-bot'}] : [],
    notes: random() < 0.05 ? ['mended'] : [], url: `https://app.kosli.com/acme/flows/prod-nodeploy/trails/${encodeURIComponent(id)}`,
  };
}

function exceptionOf({since, held, id}, {pick, random, people, texts}) {
  const asked = Date.parse(since) + held.seconds * 300;
  const by = pick(people);
  return {
    id: `exception-${iso(asked).replace('Z', '').replaceAll(':', '.')}~${by}`, asked_at: iso(asked), from: iso(asked), until: iso(asked + 2 * 3_600_000), by, reported_by: 'ci-bot', reason: pick(texts), change: {kind: ['hotfix', 'docs']}, freezes: [id], windows: [],
    approvals: [{at: iso(asked + 600_000), by: pick(people), reported_by: 'ci-bot', reason: 'looked at it', counts: true}], needed: 1, revoked: null, uses: 1, claims: [], state: pick(['used', 'pending', 'expired', 'approved', 'lapsed']), notes: [], url: null,
  };
}

function deploymentOf({since, held, id}, {pick, random, people, at, environment}) {
  const label = random() < 0.15 ? 'unexplained' : pick(['excepted', 'before', 'uncertain', 'excepted']);
  const when = Date.parse(since) + random() * held.seconds * 1000;
  return {
    at: iso(when + 30_000), started_at: iso(when), artifact: `registry.acme.io/${pick(['runner', 'checkout', 'search'])}:85cac${at}`, fingerprint: 'a1b2c3d4'.repeat(8), flow: 'runner-ci', trail: '4f1c2ab', commit: '4f1c2ab9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3', author: pick(people), snapshot: 5253,
    compliant: label !== 'unexplained', label, why: label === 'uncertain' ? 'reported 4 minutes after the freeze began' : null, freezes: [id], exception: label === 'excepted' ? 'exception-2026-10-01T10.00.00~maya' : null, run: null, url: `https://app.kosli.com/acme/environments/${environment}/snapshots/5253`,
  };
}

/** The whole document, its sums included. */
function join(environments, {from, to}) {
  for (const one of environments) one.totals = sum([one]);
  return {decision: 'proceed', reason: 'reported', summary: 'reported', advice: null, next: null, warnings: [], report: {from, to, now: NOW, org: 'acme', environments, totals: {...sum(environments), environments: environments.length, failed: 0}}};
}

function sum(environments) {
  const all = key => environments.flatMap(one => one[key]);
  const freezes = all('freezes');
  const labels = all('deployments').map(({label}) => label);
  return {
    freezes: freezes.length, windows: freezes.filter(({window}) => window).length, seconds: freezes.reduce((seconds, {held}) => seconds + held.seconds, 0), open: freezes.filter(({state}) => state === 'open').length, overdue: freezes.filter(({state}) => state === 'overdue').length,
    refused: freezes.flatMap(({refused}) => refused).length, passed: freezes.flatMap(({passed}) => passed).length, exceptions: all('exceptions').length, overused: 0,
    deployments: Object.fromEntries(['unexplained', 'excepted', 'uncertain', 'before'].map(label => [label, labels.filter(each => each === label).length])), unknown_after: null, unreadable: 0,
  };
}
