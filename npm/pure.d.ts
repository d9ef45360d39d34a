export type * from './index.js';
export {observe, plan, run, version, waitUntilOpen} from './index.js';
