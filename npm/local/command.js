// `nodeploy local`: serves a local Kosli until it is told to stop.
import {once} from 'node:events';
import {parseArgs} from 'node:util';
import {ensureEnvironment, isName} from './environment.js';
import {startLocal} from './index.js';
import {printable} from '../text/printable.js';

export const usage = `Usage: nodeploy local [--dir DIR] [--port N] [--org ORG] [--env NAME]...

Serves a Kosli of your own on 127.0.0.1, for trying out, offline work and tests.
Nothing leaves this machine. Prints the lines that make the kosli CLI and
nodeploy use it; stops with Ctrl-C. What it was told is kept in DIR.

  --dir DIR    the folder that it lives in (default: .nodeploy in this one)
  --port N     the port to listen on (default: 5675; 0 takes any that is free)
  --org ORG    the organisation of a new folder (default: local)
  --env NAME   create this environment if it is not there; may be repeated

Example, in one shell and another:
  nodeploy local --env prod-aws
  export KOSLI_HOST=…          (the lines that it printed)
  kosli get env prod-aws
`;

/** Runs the command; resolves to its exit code when it was stopped. */
export async function local(argv, {stdout, stderr}) {
  let server;
  try {
    const {values} = optionsOf(argv);
    if (values.help) {
      if (argv.length > 1) throw new Error('--help goes alone; leave it out, or run `nodeploy local --help`');
      stdout.write(usage);
      return 0;
    }
    if (values.dir === '') throw new Error('--dir names no folder; for the current one write --dir .');
    for (const name of values.env) if (!isName(name)) throw new Error(`\`${name}\` is not a name for an environment`);
    server = await startLocal({
      dir: values.dir, port: portOf(values.port), org: values.org, onWarning: text => stderr.write(`warning: ${printable(text)}\n`),
    });
    const stopped = untilStopped();
    for (const name of values.env) await ensureEnvironment(server, name);
    await said(stdout, `export KOSLI_HOST=${server.url}\nexport KOSLI_API_TOKEN=${server.token}\nexport KOSLI_ORG=${server.org}\n`);
    stderr.write(`local Kosli in ${printable(server.dir)}; stop it with Ctrl-C\n`);
    await stopped;
    return 0;
  } catch (error) {
    stderr.write(`nodeploy local: ${printable(error.message)}\n`);
    return 2;
  } finally {
    await server?.close();
  }
}

function optionsOf(argv) {
  try {
    return parseArgs({args: argv, options});
  } catch (error) {
    const [message] = error.message.split(/\.(?: This command |\n)/); // what follows is Node's advice
    throw new Error(`${message[0].toLowerCase()}${message.slice(1)}; \`nodeploy local --help\` shows what there is`);
  }
}

const options = {
  dir: {type: 'string', default: '.nodeploy'},
  port: {type: 'string', default: '5675'},
  org: {type: 'string'},
  env: {type: 'string', multiple: true, default: []},
  help: {type: 'boolean', short: 'h'},
};

function portOf(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`\`${text}\` is not a port; give --port a number from 0 to 65535`);
  return Number(text);
}

// A server of which nobody learns where it is serves nobody.
const said = (stream, text) => new Promise((resolve, reject) => {
  stream.write(text, error => error ? reject(new Error(`where to find it could not be said: ${error.message}`)) : resolve());
});

// After the first signal there is no listener left: a second one ends the process at once.
async function untilStopped() {
  const heard = new AbortController();
  const {signal} = heard;
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map(name => once(process, name, {signal}).catch(() => {})));
  heard.abort();
}
