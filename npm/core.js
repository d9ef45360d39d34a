// The door to the core: JSON text in, JSON text out. Everything that is decided is decided behind it.
import {readFileSync} from 'node:fs';
import {initSync, observe as observeJson, plan as planJson, version as versionText} from './wasm/freeze.js';

initSync({module: readFileSync(new URL('wasm/freeze_bg.wasm', import.meta.url))});

export const plan = call => JSON.parse(planJson(text(call)));
export const observe = call => JSON.parse(observeJson(text(call)));
export const version = versionText();

// `undefined` has no JSON; the core must still get something to refuse.
const text = call => JSON.stringify(call) ?? 'null';
