// The calls of gates, as the command line makes them: what runs in them is what a gate loads.

const ZONED = {environments: ['prod-*'], timezone: 'Europe/London', reason: 'no one is around'};
const POLICY = {
  policy: 'release',
  windows: [
    {...ZONED, name: 'weekend', effect: 'freeze', start: '0 16 * * fri', end: '0 8 * * mon'},
    {...ZONED, name: 'turn of the year', effect: 'freeze', from: '2026-12-24T18:00', to: '2026-12-31T24:00'},
    {...ZONED, name: 'night', effect: 'freeze', environments: ['prod-*', 'staging'], days: ['mon-fri'], from: '22:00', to: '06:00'},
    {...ZONED, name: 'office hours', effect: 'allow', environments: ['*'], days: ['mon-sun'], from: '06:00', to: '22:00'},
    {...ZONED, name: 'demo', effect: 'freeze', environments: ['staging'], timezone: 'UTC', from: '2026-11-28T09:00', to: '2026-11-28T18:00'},
  ],
};
const ALWAYS = {windows: [{...POLICY.windows[3], from: '00:00', to: '24:00'}, POLICY.windows[0]]};
const FREEZE = '2026-11-26T10.44.48~steve';
const frozen = signal => ({team: 'core', nodeploy: FREEZE, [`nodeploy.${FREEZE}`]: signal});
const TAGS = [{}, {team: 'core'}, frozen('by=steve&reason=Demo'), frozen('by=steve+jobs&reason=Demo+of+the+shop&until=2026-11-27T12:00:00Z')];
const TRAIL = {
  name: FREEZE, description: 'of "steve",\nin Zürich', user_data: {}, created_at: 1795862688.559, last_modified_at: 1795862690, created_by: 'ci-pipelines', origin_url: null,
  flow: {name: 'prod-aws-nodeploy', tags: {}}, template: {version: 1, trail: {attestations: [], artifacts: []}}, events: [{timestamp: 1795862688.559, change: -1, ratio: 2.5e-7, is_reattestation: false}],
  compliance_status: {status: 'COMPLIANT', is_compliant: true, attestations_statuses: ['nodeploy-on', 'nodeploy-off'].map(name => ({attestation_name: name, attestation_type: 'generic', status: 'COMPLETE', is_compliant: true}))},
};
const NO_FLOW = {status: 404, body: {message: "Flow named 'prod-aws-nodeploy' does not exist for organization 'acme'"}};
const HISTORY = {status: 200, body: {data: [TRAIL], pagination: {total: 1, page: 1, per_page: 100, page_count: 1}}};

const environment = tags => ({
  status: 200,
  body: {org: 'acme', name: 'prod-aws', type: 'K8S', description: '', last_modified_at: 1795862688.559, last_reported_at: null, include_scaling: false, tags, policies: [], included_environments: null},
});

/** Calls the module whose `exports` these are as gates do that are open, frozen, within a window and outside all of them. */
export function gates(exports) {
  exports.__wbindgen_start();
  const call = (name, text) => taken(exports, exports[name](...given(exports, text)));
  taken(exports, exports.version());
  for (const tags of TAGS) {
    for (const trails of [NO_FLOW, HISTORY]) {
      for (const policy of [undefined, POLICY, ALWAYS]) {
        for (const now of ['2026-11-26T12:00:00Z', '2026-11-28T12:00:00Z']) gate({trails, environment: environment(tags)}, {now, policy}, call);
      }
    }
  }
  call('local_time', '2026-12-24T17:00:00Z\0Europe/Berlin');
  call('shell_line', '--policy\0freezes of the year.yaml');
}

function gate(answers, {now, policy}, call) {
  const date = new Date(now).toUTCString();
  const observed = {};
  const asked = () => JSON.stringify({environment: 'prod-aws', action: {type: 'assert'}, policy, now, settings: {org: 'acme'}, observed});
  for (let reads; (reads = JSON.parse(call('observe', asked())).filter(({as}) => !(as in observed))).length > 0;) {
    for (const {as} of reads) observed[as] = {...answers[as], body: JSON.stringify(answers[as].body), date};
  }
  const answer = call('plan', asked());
  const {decision, summary} = JSON.parse(answer);
  if (decision === 'error') throw new Error(`a gate that cannot decide shows nothing: ${summary}`);
  call('printable', summary);
  call('printable_json', answer);
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
