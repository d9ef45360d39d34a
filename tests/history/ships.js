// What runs in an environment, how it changes, and what its reporter tells Kosli of it.
import {DAY, HOUR, MINUTE} from './times.js';

const ARE_FILES = ['server', 'S3'];

/** Plans the year of what runs in `stage`, around what was closed there. `passes` are changes that were let through. */
export function ship(stage, {from, to, silentFrom = Infinity}) {
  const {chance, truth} = stage;
  const areFiles = ARE_FILES.includes(stage.type);
  truth.reporter.isByFiles = areFiles;
  const services = servicesOf(stage, areFiles);
  const interval = chance.one([60, 300]);
  const changes = planned(stage, services, {from, to, interval});

  const runs = new Map(services.map(service => [service, []])); // instances: {version, began}
  const sightings = new Map(); // by tick, what happened up to it
  // A moment after each full interval, it says what it sees.
  const tickAfter = at => Math.ceil((at + 1) / interval) * interval + 7;
  for (const change of changes) {
    for (const part of change.parts) {
      const tick = tickAfter(part.at);
      if (!sightings.has(tick)) sightings.set(tick, []);
      sightings.get(tick).push({...part, change});
    }
  }
  let snapshot = 0;
  let before = '';
  for (const tick of [...sightings.keys()].sort((a, b) => a - b)) {
    if (tick >= to || tick >= silentFrom) break;
    const parts = sightings.get(tick).sort((a, b) => a.at - b.at);
    for (const {service, starts, stops, at, version} of parts) {
      const running = runs.get(service);
      if (stops) running.splice(0, running.length, ...running.filter(one => one.version !== version));
      if (starts) for (let replica = 0; replica < service.replicas; replica++) running.push({version, began: at + replica * 3});
    }
    const artifacts = services.flatMap(service => runs.get(service).map(one => item(stage.type, one, areFiles)));
    const what = JSON.stringify([...new Set(artifacts.flatMap(({digests}) => Object.values(digests)))].sort()) + parts.filter(({tells}) => tells).map(({at}) => at);
    if (what !== before) snapshot++;
    before = JSON.stringify([...new Set(artifacts.flatMap(({digests}) => Object.values(digests)))].sort());
    reports(stage, tick, artifacts);
    for (const {starts, at, version, service, change} of parts) {
      if (!starts || !change.isDeployment) continue;
      truth.deployments.push({
        began: at, seen: tick, isTimeKnown: !areFiles, snapshot, pass: change.pass,
        artifact: version.name, fingerprint: version.fingerprint, flow: service.flow, trail: version.trail, commit: version.commit, author: version.author,
        compliant: stage.policies ? service.flow !== null : null,
      });
    }
  }
}

/** A sign of life that says nothing new: what it says is what was last said. */
export function heartbeat(stage, at) {
  stage.step(at, 'reporter', async world => {
    const known = stage.said ?? [];
    await world.put(`environments/${world.org}/${stage.name}/report/${stage.type}`, {artifacts: known});
  });
  stage.truth.reporter.heard.push(at);
}

function reports(stage, at, artifacts) {
  stage.step(at, 'reporter', async world => {
    stage.said = artifacts;
    await world.put(`environments/${world.org}/${stage.name}/report/${stage.type}`, {artifacts});
  });
  stage.truth.reporter.heard.push(at);
}

function item(type, {version, began}, areFiles) {
  // Of a file Kosli is told when it was built.
  const more = type === 'K8S' ? {podName: `${version.fingerprint.slice(0, 6)}-${began}`, namespace: 'default'} : {};
  return {digests: {[version.name]: version.fingerprint}, creationTimestamp: areFiles ? began - DAY : began, ...more};
}

function servicesOf(stage, areFiles) {
  const replicas = areFiles ? 1 : stage.chance.between(1, 3);
  if (areFiles) {
    return ['app', 'site'].map(name => ({name: `${stage.name}-${name}`, flow: `${name}-ci`, replicas, nameOf: () => `/srv/${name}/${name}.jar`}));
  }
  const image = (name, flow) => ({name: `${stage.name}-${name}`, flow, replicas, nameOf: commit => `registry.example.com/shop/${name}:${commit.slice(0, 7)}`});
  // Two of one flow, and one that nobody knows where it comes from.
  return [image('web', 'shop-ci'), image('worker', 'shop-ci'), image('runner', 'runner-ci'), {...image('sidecar', null), nameOf: commit => `docker.io/library/sidecar:${commit.slice(0, 4)}`}];
}

/** What becomes of each service and when, far enough apart that each is seen. */
function planned(stage, services, {from, to, interval}) {
  const {chance, truth} = stage;
  const wishes = services.map(service => ({service, at: from + chance.between(1, 30 * MINUTE), kind: 'deploy'}));
  const wish = (at, kind, more = {}) => wishes.push({service: chance.one(services), at, kind, ...more});
  for (let at = from + DAY; at < to; at += chance.between(4 * HOUR, 40 * HOUR)) wish(at, chance.one(['deploy', 'deploy', 'deploy', 'restart', 'scan', 'loop']));
  for (const pass of truth.passes ?? []) {
    const service = chance.one(services.filter(({flow}) => flow !== null));
    const first = pass.at + chance.between(12 * MINUTE, 30 * MINUTE);
    wishes.push({service, at: first, kind: 'deploy', commit: pass.change.commit, pass});
    // The same change once more, when its exception is over.
    const after = pass.until + 20 * MINUTE;
    const other = services.filter(({flow}) => flow !== null && flow !== service.flow)[0];
    if (other && chance.is(0.5)) wishes.push({service: other, at: after, kind: 'deploy', commit: pass.change.commit});
  }
  for (const freeze of truth.freezes) {
    const end = Math.min(freeze.offs[0]?.at ?? to, freeze.ons.at(-1)?.until ?? to, to);
    const inside = () => chance.between(freeze.since, Math.max(freeze.since + 1, end - 1));
    for (const kind of ['deploy', 'restart', 'rollback', 'loop', 'scan', 'remove']) if (chance.is(0.3)) wish(inside(), kind);
    for (const edge of [freeze.since, end]) {
      if (chance.is(0.4)) wish(edge + chance.one([-400, -90, -20, -1, 0, 1, 30, 200, 500]), 'deploy');
    }
  }
  const changes = [];
  const state = new Map(services.map(service => [service, {free: 0, versions: []}]));
  const isFirst = new Set();
  for (const {service, at, kind, commit, pass} of wishes.sort((a, b) => a.at - b.at)) {
    const own = state.get(service);
    if (at < own.free || at < from || at > to - HOUR) continue;
    if (!isFirst.has(service) && kind !== 'deploy') continue;
    isFirst.add(service);
    const [current, previous] = own.versions;
    const part = (offset, more) => ({at: at + offset, service, ...more});
    if (kind === 'deploy' || (kind === 'rollback' && previous)) {
      const version = kind === 'rollback' ? previous : build(stage, service, commit ?? chance.hex(40), at);
      // The old one goes with it, or a while later; or nothing runs in between.
      const way = chance.one(['at once', 'rolling', 'gap']);
      const parts = [part(0, {starts: true, version})];
      if (current) parts.push(part({'at once': 1, 'rolling': 2 * interval + 30, 'gap': -2 * interval}[way], {stops: true, version: current}));
      if (pass) version.pass = pass; // what was let through may be deployed again, as long as that holds
      changes.push({isDeployment: true, pass: version.pass && at < version.pass.until ? version.pass : undefined, parts});
      own.versions = [version, current];
      own.free = at + 5 * interval + 5 * MINUTE;
    } else if (current && (kind === 'restart' || kind === 'loop')) {
      const times = kind === 'loop' ? chance.between(2, 8) : 1;
      const parts = [];
      for (let time = 0; time < times; time++) {
        parts.push(part(time * 4 * interval, {stops: true, version: current}), part(time * 4 * interval + 2 * interval, {starts: true, version: current}));
      }
      changes.push({isDeployment: false, parts});
      own.free = at + times * 4 * interval + 5 * MINUTE;
    } else if (current && kind === 'scan' && service.flow !== null) {
      // More is known of what runs: an event, and nothing was deployed.
      scans(stage, current, at);
      changes.push({isDeployment: false, parts: [part(1, {tells: true, version: current})]});
      own.free = at + 3 * interval;
    } else if (current && kind === 'remove' && chance.is(0.3)) {
      changes.push({isDeployment: false, parts: [part(0, {stops: true, version: current})]});
      own.versions = [undefined, current];
      own.free = at + 3 * HOUR;
      isFirst.delete(service);
    }
    // The gap begins before.
    if (kind === 'deploy') own.free += 2 * interval;
  }
  return changes;
}

const AUTHORS = ['Jane <jane@example.com>', 'Ada, Countess', 'jörg'];

function build(stage, service, commit, at) {
  const fingerprint = stage.chance.hex(64);
  const version = {service, commit: null, trail: null, author: null, fingerprint, name: service.nameOf(commit)};
  if (service.flow === null) return version;
  const author = stage.chance.one(AUTHORS);
  Object.assign(version, {commit, trail: commit, author});
  const built = at - 20 * MINUTE;
  stage.step(built, 'builder', async world => {
    const info = {sha1: commit, message: 'a change', author, timestamp: built - HOUR, branch: 'main'};
    await world.flow(service.flow);
    await world.trail(service.flow, commit);
    await world.put(`artifacts/${world.org}/${service.flow}`, {
      fingerprint, filename: version.name, trail_name: commit, template_reference_name: service.name, git_commit: commit, git_commit_info: info,
      commit_url: `https://example.com/shop/commit/${commit}`, build_url: 'https://example.com/build', repo_url: '',
    }, 'POST');
  });
  return version;
}

function scans(stage, version, at) {
  stage.step(at, 'scanner', async world => {
    await world.flow('snyk-scan');
    await world.trail('snyk-scan', `${version.commit}-${at}`);
    await world.put(`artifacts/${world.org}/snyk-scan`, {
      fingerprint: version.fingerprint, filename: version.name, trail_name: `${version.commit}-${at}`, template_reference_name: version.service.name, git_commit: version.commit,
      git_commit_info: {sha1: version.commit, message: 'a change', author: version.author, timestamp: at, branch: 'main'},
      commit_url: `https://example.com/shop/commit/${version.commit}`, build_url: 'https://example.com/build', repo_url: '',
    }, 'POST');
  });
}
