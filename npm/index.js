export {observe, plan, version} from './core.js';
export {run} from './loop/run.js';
export {runMany} from './loop/many.js';
export {report} from './loop/report.js';
export {joinReports} from './loop/joined.js';
export {waitUntilOpen} from './loop/wait.js';
export {readPolicy} from './policy/file.js';
export {kosliHttp} from './kosli/http.js';
export {kosliCli} from './kosli/cli.js';
