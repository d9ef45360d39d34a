export {observe, plan, version} from './core.js';
export {run} from './run.js';
export {waitUntilOpen} from './wait.js';
export {readPolicy} from './policy.js';
export {kosliHttp} from './kosli-http.js';
export {kosliCli} from './kosli-cli.js';
