// Runs a script of calls through the npm package's core; ../README.md says what a script is.
import {door} from '../../../npm/core.js';
import {runScript} from '../node/script.js';

await runScript((name, input) => door[name](input));
