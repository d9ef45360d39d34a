// The door to the core: JSON text in, JSON text out. Everything that is decided is decided behind it.
import {readFileSync} from 'node:fs';
import {initSync, observe as observeJson, plan as planJson, version as versionText} from './wasm/freeze.js';

initSync({module: readFileSync(new URL('wasm/freeze_bg.wasm', import.meta.url))});

export const plan = call => JSON.parse(planJson(utf8(call)));
export const observe = call => JSON.parse(observeJson(utf8(call)));
export const version = versionText();

const encoder = new TextEncoder();

// `undefined` has no JSON; the core must still get something to refuse.
const utf8 = call => encoder.encode(JSON.stringify(call) ?? 'null');
