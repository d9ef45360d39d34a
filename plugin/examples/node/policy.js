// The policy (freeze windows) in JSON or YAML, as nodeploy's command line takes it, with the calendars that it names.
import {lstatSync, readFileSync, realpathSync} from 'node:fs';
import {dirname, resolve, sep} from 'node:path';

const NAMES = ['nodeploy.yaml', 'nodeploy.yml', 'nodeploy.json'];

/** The policy of a call, which it names on stderr. `on` and `off` do not use it: they work even if it is broken. */
export async function policyFor(action, named) {
  if (['on', 'off'].includes(action?.type)) return 'null';
  const file = named ?? (process.env.NODEPLOY_POLICY || inFolder());
  console.error(`policy: ${file || 'none'}`);
  return file ? readPolicy(file) : 'null';
}

// A policy that is there but cannot be read is an error: a gate must not ignore it.
function inFolder() {
  const found = NAMES.filter(name => lstatSync(name, {throwIfNoEntry: false}));
  if (found.length > 1) throw new Error(`there are ${found.join(' and ')}; name the policy that holds`);
  return found[0];
}

/** A policy's file as JSON. */
export async function readPolicy(file) {
  const {parseDocument, visit} = await import('yaml'); // JSON is YAML, and this parser refuses a key given twice
  const document = parseDocument(textOf(file), {version: '1.2', schema: 'core', resolveKnownTags: false, stringKeys: true});
  for (const {message} of [...document.errors, ...document.warnings]) throw new Error(`${file}: ${message}`);
  visit(document, {Node(_, {tag}) { if (tag) throw new Error(`${file}: \`${tag}\` is a tag, and a policy has none`); }});
  const policy = document.toJS();
  if (!Array.isArray(policy?.windows)) throw new Error(`${file}: a policy is an object with the list \`windows\``);
  for (const window of policy.windows) {
    if (typeof window?.calendar === 'string') window.calendar = textOf(inside(dirname(file), window.calendar));
  }
  return JSON.stringify(policy, (key, value) => {
    const isBlank = value === null || (typeof value === 'number' && !Number.isFinite(value));
    if (isBlank) throw new Error(`${file}: \`${key}\` has no value`); // to the core it would look left out
    return value;
  });
}

// A change to the policy must not make this process read its own variables, or anyone's keys.
function inside(folder, name) {
  const path = realpathSync(resolve(folder, name));
  if (!path.startsWith(realpathSync(folder) + sep)) throw new Error(`the calendar ${name} leads out of the policy's folder`);
  return path;
}

function textOf(file) {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(file));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error.message}`);
  }
}
