// One report, as `nodeploy report` takes it: how long, and with how much memory.
import {joinReports, kosliHttp, report} from '../../npm/index.js';

const [, , host, token, from, to, ...environments] = process.argv;
const kosli = kosliHttp({host, org: 'acme', token});
const clock = () => new Date(Number(to));
const begun = performance.now();
const items = [];
for await (const item of report({kosli, environments, from: new Date(Number(from)), to: clock(), clock})) items.push(item);
const {totals} = joinReports(items, {now: clock(), org: 'acme'});
process.send({took: performance.now() - begun, memory: Math.round(process.resourceUsage().maxRSS / 1024), totals});
await kosli.close();
process.disconnect();
