// Builds every host whose tools are here, before the tests that use them run side by side.
import {hosts, missing} from './hosts.js';

for (const host of hosts) if (!missing(host)) host.prepare();
