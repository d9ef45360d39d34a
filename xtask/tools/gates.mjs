// The calls of gates that nobody has frozen, as the command line makes them: what runs in them is what a gate loads. They differ as pipelines
// do, in names, texts, times and windows; what a gate comes to that none of these did costs it the start of the whole module, and nothing else.

/** The gates that load a module of their own: those without a policy, and those that have one. */
export const KINDS = {gate: {policies: [undefined], decisions: ['proceed']}, policy: {policies: [{policy: 'release'}, {}], decisions: ['proceed', 'refuse']}};

const ROUNDS = 500; // of 100 the module is 1 % smaller, of 1,000 as large

const ORGS = ['acme', 'kosli-public', 'a1', 'big.corp_eu'];
const NAMES = ['prod-aws', 'prod', 'staging', 'production-eu-west-1.blue_2', 'p1', 'db_eu', 'k8s.cluster-7'];
const PEOPLE = ['steve', 'ann.lee@acme.example', 'Zoë Ümit', 'ci-pipelines', "o'neil", 'jenkins-1+x'];
const TEXTS = [
  '', 'Demo', 'of "steve",\nin Zürich \\ — / \t', 'database migration of the shop, step 2 of 3 (see https://wiki.acme.example/x?y=1&z=2#k)', '日本 🚀', 'long, '.repeat(40), 'ÀÉÎ'.repeat(30),
  'see JIRA-1234: rollout of v2.3.4\r\nand more',
];
const TIMES = [1795862688.559, 1795862690, 1795862690.5];
const NUMBERS = [...TIMES, 0, -1, 2.5e-7, 1e21, 12345678.000001, null];

const TAGS = [{}, {team: 'core'}, {owner: TEXTS[2], 'cost-center': '1234', 'app.kubernetes.io/name': 'shop', a: '', zone: 'eu', tier: '1', b: TEXTS[4]}, {name: 'shop', Namespace: 'web', 'no-index': '1', No_Cache: '', node: '3', nodes: '1'}];

const AHEAD = [0, 0, 1, 2, -1, -3, 40, -20];

const YEARS = ['2025', '2026', '2027', '2028'];
const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
const DAYS = ['01', '02', '03', '05', '07', '09', '11', '14', '15', '17', '20', '22', '25', '27', '28'];
const CLOCKS = ['00:00:00', '01:01:01', '03:30:59', '05:45:00', '08:59:59', '12:00:00', '13:13:59', '16:00:01', '18:45:10', '20:20:20', '22:15:00', '23:59:59'];

const ZONES = [
  'Europe/London', 'UTC', 'Etc/UTC', 'America/New_York', 'America/Los_Angeles', 'Asia/Tokyo', 'Australia/Sydney', 'Pacific/Auckland', 'Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo', 'Africa/Cairo',
];
const WINDOWS = ['w', 'weekend ', 'turn of the year ', 'Nächte und Feiertage: ', 'the last two weeks of the quarter, for all but fixes of security '];
const SELECTORS = [['prod-*'], ['*'], ['staging-*', 'test'], ['prod', 'prod-aws', 'p?'], ['*', '!prod-canary'], ['production-*'], ['db_eu', 'k8s*'], ['a', 'b', 'c', 'd', 'e-*', 'f', 'prod', 'g', 'h-*']];
const RULES = [
  {effect: 'freeze', start: '0 16 * * fri', end: '0 8 * * mon'},
  {effect: 'freeze', start: '30 17 * * 5', end: '45 6 * * 1'},
  {effect: 'freeze', start: '0 18 24 12 *', end: '0 8 2 1 *'},
  {effect: 'freeze', start: '0 0 * * sat,sun', end: '59 23 * * sat,sun'},
  {effect: 'freeze', from: '2026-12-24T18:00', to: '2026-12-31T24:00'},
  {effect: 'freeze', from: '2099-12-24T18:00', to: '2099-12-31T24:00'},
  {effect: 'freeze', from: '2020-12-24T00:00', to: '2021-01-03T09:30'},
  {effect: 'freeze', days: ['mon-fri'], from: '22:00', to: '06:00'},
  {effect: 'freeze', days: ['sat', 'sun'], from: '00:00', to: '24:00'},
  {effect: 'freeze', days: ['tue', 'wed', 'thu', 'fri', 'sat'], from: '07:30', to: '08:15'},
  {effect: 'allow', days: ['mon-sun'], from: '00:00', to: '24:00'},
  {effect: 'allow', days: ['mon-thu', 'fri'], from: '06:00', to: '22:00'},
];
// What a CI states of a change, and of a run, and what a command line adds to it.
const FACTS = {
  commit: ['4f1c2ab0'.repeat(5), '0a'.repeat(20), '9b3e'.repeat(16), '60c4d1f5e2a7b8093d6f1c2ab04e5d7f8a9b0c1d'],
  actor: [...PEOPLE, 'dependabot[bot]', '{9484702e-c663-4afd-aefb-c93a8cd31c28}'],
  repository: ['acme/shop', 'shop', 'acme/platform/billing-api', 'Big.Corp/web_1'],
  ref: ['refs/heads/main', 'refs/tags/v1.2.3', 'refs/heads/feature/JIRA-12_x', 'refs/pull/7/merge', 'refs/heads/Zürich'],
  kind: ['security', 'hotfix'], service: ['shop', 'billing'],
};
const STATED = [['commit', 'actor', 'repository', 'ref'], ['commit', 'repository', 'ref'], ['commit', 'actor', 'repository'], ['commit', 'ref'], ['commit'], ['actor', 'repository', 'ref', 'kind'], ['commit', 'actor', 'repository', 'ref', 'service', 'kind'], ['repository']];
const RUNS = [
  'github:acme/shop:1658821493:deploy', 'github:acme/shop:1:deploy', 'gitlab:acme/platform/billing-api:903456123:7', 'jenkins:shop%3A1:7', 'azure:acme:Shop:20261130.3:deploy', 'circleci:d7c4ac1e-7a0f-4f2c-9a77-3b1c5e2f8a90:deploy',
];

/** Calls the module whose `exports` these are as gates of one of the `KINDS` do that are open, or within a window. */
export function gates(exports, {policies, decisions}) {
  exports.__wbindgen_start();
  const ask = asking(exports);
  const met = new Set(Array.from({length: ROUNDS}, (_, round) => decided(round, policies, ask)));
  const [wanted, found] = [decisions, [...met].filter(Boolean)].map(each => each.sort().join());
  if (wanted !== found) throw new Error(`the gates are to be ${wanted}, and are ${found}`);
}

/** `ask(name, text)` of the module whose `exports` these are, once it is started. */
export const asking = exports => (name, text) => taken(exports, exports[name](...given(exports, text)));

/** What the gate of this number decides; `undefined` of one that would look further. The module is made from the first few hundred (`gates`). */
export const decided = (number, policies, ask) => gate(pipeline(choosing(number), policies), ask);

// The same choices each time.
function choosing(seed) {
  let state = seed;
  return choices => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return choices[(state >>> 12) % choices.length];
  };
}

// `{asked, found, indent, ahead}`: the call, what Kosli shows, how it writes that, and by how many seconds its clock is ahead with each read.
function pipeline(one, policies) {
  const [org, name] = [one(ORGS), one(NAMES)];
  const time = () => `${one(YEARS)}-${one(MONTHS)}-${one(DAYS)}T${one(CLOCKS)}`;
  const id = () => `${time().replaceAll(':', '.')}~${one(PEOPLE).replace(/[^a-z0-9._-]/g, '-')}`;
  const ids = count => Array.from({length: count}, id);
  const ended = ids(one([0, 0, 0, 1, 2, 3, 12, 25, 95]));
  const window = (_, index) => ({name: `${one(WINDOWS)}${index}`, timezone: one(ZONES), environments: one(SELECTORS), ...one([{}, {reason: one(TEXTS.slice(1))}]), ...one(RULES)});
  const policy = one(policies);
  const absent = flow => ({status: 404, body: {message: `Flow named '${flow}' does not exist for organization '${org}'`}});
  const environment = {
    org, name, type: one(['K8S', 'ECS', 'server', 'docker']), description: one(TEXTS), last_modified_at: one(NUMBERS), last_reported_at: one(NUMBERS), ...one([{}, {last_changed_at: null, state: one([null, true])}]),
    include_scaling: one([false, true]), tags: one(TAGS), policies: one([[], ['a', 'b']]), included_environments: null,
    ...one([{}, {html_url: `https://app.kosli.com/${org}/environments/${name}`, new: {deep: [[], {}, [1, {x: -0.5}]]}}]),
  };
  const trails = ended.map(each => trail(each, name, one));
  return {
    asked: {
      environment: name, now: `${time()}Z`, settings: {org}, action: {type: 'assert', ...stated(one), ...one([{}, {}, {needs: 'PT20M'}])},
      ...(policy && {policy: {...policy, windows: Array.from({length: one([0, 1, 2, 3, 5, 9, 17])}, window)}}),
    },
    found: {
      environment: {status: 200, body: environment}, exceptions: absent(`${name}-nodeploy-exceptions`),
      trails: trails.length === 0 ? absent(`${name}-nodeploy`) : {status: 200, body: {data: trails, pagination: {total: trails.length, page: 1, per_page: 100, page_count: 1}}},
    },
    indent: one([undefined, 1]), ahead: one([true, true, false]) && [one(AHEAD), one(AHEAD), one(AHEAD)], // the kosli CLI and a local Kosli have no date
  };
}

const stated = one => one([
  () => ({}),
  () => ({change: Object.fromEntries(one(STATED).map(fact => [fact, one(FACTS[fact])])), run: one(RUNS)}),
  () => ({change: Object.fromEntries(one(STATED).map(fact => [fact, one(FACTS[fact])]))}),
])();

const trail = (name, environment, one) => ({
  name, description: one(TEXTS), git_commit_info: null, origin_url: one([null, 'https://ci.acme.example/1']), user_data: {}, repo_ids: [], last_modified_at: one(TIMES), created_at: one(TIMES), created_by: one(PEOPLE),
  flow: {name: `${environment}-nodeploy`, tags: {}}, template: {version: 1, trail: {attestations: [], artifacts: []}, content: 'version: 1'}, compliance_state: 'COMPLIANT', is_compliant: true,
  events: one([[], [{timestamp: one(TIMES), type: 'trail_reported', repo_info: null, change: -1, ratio: 2.5e-7, is_reattestation: false, text: one(TEXTS)}]]),
  compliance_status: {
    status: 'COMPLIANT', is_compliant: true, artifacts_statuses: {}, evaluated_at: one(TIMES), flow_template_id: 'a8c1475e-aea3-4129-a258-b85d335a',
    attestations_statuses: one([['on', 'off'], ['off', 'on']]).map(word => ({
      attestation_name: `nodeploy-${word}`, attestation_type: 'generic', ...one([{}, {attestation_id: '0a5935be-ffab-4401-b0a8-8799bdf9', overridden_attestation_id: null, unexpected: true}]), status: 'COMPLETE', is_compliant: true,
    })),
  },
  ...one([{}, {external_urls: null, html_url: `https://app.kosli.com/acme/flows/${environment}-nodeploy/trails/${name}`}]),
});

// The decision; `undefined` of one that would look further.
function gate({asked, found, indent, ahead}, call) {
  const dated = read => ahead ? {date: new Date(Date.parse(asked.now) + 1000 * ahead[read]).toUTCString()} : {};
  const observed = {};
  const text = () => JSON.stringify({...asked, observed});
  for (let reads; (reads = JSON.parse(call('observe', text())).filter(({as}) => !(as in observed))).length > 0;) {
    for (const {as} of reads) {
      if (!(as in found)) return undefined;
      observed[as] = {status: found[as].status, body: JSON.stringify(found[as].body, null, indent), ...dated(Object.keys(observed).length)};
    }
  }
  const answer = JSON.parse(call('plan', text()));
  const {decision, summary, opens_at: opens, closes_at: closes} = answer;
  for (const shown of [summary, asked.environment, 'policy nodeploy.yaml: 1 of 2 windows is for prod-aws']) call('printable', shown);
  call('printable_json', JSON.stringify({...answer, doubts: [], done: [], rounds: 1}, null, 2));
  for (const at of [opens, closes]) if (at) call('local_time', `${at}\0${asked.policy?.windows[0]?.timezone ?? 'UTC'}`);
  call('shell_line', '--policy\0freezes of the year.yaml');
  return decision;
}

function given({memory, __wbindgen_malloc: malloc}, text) {
  const bytes = new TextEncoder().encode(text);
  const place = malloc(bytes.length, 1);
  new Uint8Array(memory.buffer).set(bytes, place);
  return [place, bytes.length];
}

function taken({memory, __wbindgen_free: free}, [place, length]) {
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, place, length));
  free(place, length, 1);
  return text;
}
