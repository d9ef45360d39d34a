export type * from './index.js';
export {joinReports, observe, plan, report, run, runMany, version, waitUntilOpen} from './index.js';
