export type * from './index.js';
export {observe, plan, run, runMany, version, waitUntilOpen} from './index.js';
