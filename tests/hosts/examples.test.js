// The examples (examples.js, limits.js, exceptions.js, records.js, policies.js) and the gates of plugin/README.md (gates.js) do what they say. One
// after the other: their local Kosli is shared.
import {after} from 'node:test';
import {examples} from './examples.js';
import {exceptions} from './exceptions.js';
import {gates} from './gates.js';
import {limits} from './limits.js';
import {policies} from './policies.js';
import {presentHosts} from './present.js';
import {records} from './records.js';
import {temporaryFolder} from './scripts.js';

const folder = temporaryFolder();
after(() => folder.remove());

const present = presentHosts(folder);
for (const stories of [examples, limits, exceptions, records, policies, gates]) stories(present, folder);
