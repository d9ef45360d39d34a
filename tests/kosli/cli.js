// The real kosli CLI, where the development packages have it for this machine.
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

export const program = fileURLToPath(new URL('node_modules/@kosli/cli-linux-x64/bin/kosli', import.meta.url));

/** For `test(name, {skip}, ...)`: why the real CLI cannot be run here, or `false`. */
export const skip = !existsSync(program) && 'the kosli CLI is not installed here: npm ci in tests/kosli, on Linux x64';
