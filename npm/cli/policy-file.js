// Which policy holds: the one that is named, else the one in the working folder.
import {lstatSync} from 'node:fs';
import {UsageError} from './options.js';

const NAMES = ['nodeploy.yaml', 'nodeploy.yml', 'nodeploy.json'];

/** The path of the policy's file, or `undefined`. `--policy=` turns it off. */
export function policyFile(named) {
  if (named !== undefined) return named === '' ? undefined : named;
  // What is there and cannot be looked at is an error, too: a gate without its policy is no gate.
  const found = NAMES.filter(name => lstatSync(name, {throwIfNoEntry: false}));
  if (found.length > 1) throw new UsageError(`there are ${found.join(' and ')}, and only one policy can hold`, `say which: --policy ${found[0]}`);
  return found[0];
}

/** What the core says of a policy, with the place in the file where it is so. */
export function inFile(text, {at}) {
  const [, rest, index] = /(?:^|: )(windows\[(\d+)\].*)$/s.exec(text) ?? [];
  if (index === undefined) return `${at(/`policy` is /.test(text) ? ['policy'] : [])}: ${text}`;
  const [, key] = /^windows\[\d+\](?: \(.*?\))?: (?:unknown field )?`(\w+)`/s.exec(rest) ?? [];
  return `${at(['windows', Number(index), ...(key ? [key] : [])])}: ${rest}`;
}
