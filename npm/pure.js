// The part that needs no Node: for a browser, a worker, a page.
export {observe, plan, version} from './core.js';
export {run} from './loop/run.js';
export {runMany} from './loop/many.js';
export {report} from './loop/report.js';
export {joinReports} from './loop/joined.js';
export {waitUntilOpen} from './loop/wait.js';
