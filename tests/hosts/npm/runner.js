// Runs a script of calls through the npm package's core; ../README.md says what a script is.
import '../../../npm/core.js'; // loads the module
import * as core from '../../../npm/wasm/freeze.js';
import {runScript} from '../node/script.js';

await runScript((name, input) => core[name](input));
