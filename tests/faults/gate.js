// A gate as a process of its own, for a run that is named: node gate.js RUN RECORD ATTEST IDLE. Its exit code is the decision's.
import {kosliHttp, run} from '../../npm/index.js';

const [name, record, attest, idle] = process.argv.slice(2);
const {KOSLI_HOST: host, KOSLI_ORG: org, KOSLI_API_TOKEN: token, NODEPLOY_ENV: environment} = process.env;
const kosli = kosliHttp({host, org, token, retries: 0, timeouts: {idle: Number(idle)}});
const action = {type: 'assert', run: name, record: record === 'true', ...(attest && {attest})};
const {decision, summary} = await run({environment, action}, {kosli});
await kosli.close();
console.log(summary);
process.exitCode = {proceed: 0, refuse: 1}[decision] ?? 2;
