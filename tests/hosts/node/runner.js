// Runs a script of calls through the plugin in the Node host; ../README.md says what a script is.
import {ask, load} from '../../../plugin/examples/node/nodeploy.js';
import {runScript} from './script.js';

const plugin = await load(process.argv[2]);
await runScript((name, input) => ask(plugin, name, new Uint8Array(input)));
