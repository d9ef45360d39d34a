// One look at all environments, as `nodeploy status` takes it: how long, and with how much memory.
import {kosliHttp} from '../../npm/index.js';
import {look} from '../../npm/loop/run.js';

const [, , host, token] = process.argv;
const kosli = kosliHttp({host, org: 'acme', token});
const begun = performance.now();
const {overview} = await look({action: {type: 'overview'}}, {kosli});
process.send({took: performance.now() - begun, memory: Math.round(process.resourceUsage().maxRSS / 1024), rows: overview.length});
await kosli.close();
process.disconnect();
