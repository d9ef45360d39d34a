// Runs a script of calls through the npm package's core; ../README.md says what a script is.
import '../../../npm/core.js'; // loads the module
import * as core from '../../../npm/wasm/freeze.js';
import {runScript} from '../node/script.js';

const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const utf8 = new TextEncoder();
await runScript((name, input) => core[name](utf8.encode(text.decode(input))));
