// The module and its glue in one file, so that nothing has to be found beside it: by Node, a browser or a bundler.
import {initSync} from 'freeze.js';
import base64 from 'freeze_bg.wasm';

initSync({module: globalThis.Buffer?.from(base64, 'base64') ?? Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))});

export {command_line, local_time, observe, observe_beside, plan, plan_beside, printable, printable_json, shell_line, version} from 'freeze.js';
