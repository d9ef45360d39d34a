// Ends what a Node before 20 has begun, and says why. One of 2019 reads this, and what it imports; it would end as a refusal does, with a syntax
// error further down. Of the command line as one file it is the beginning (xtask/tools/bundle.mjs).
import {wantsJson} from './wants-json.js';

if (parseInt(process.versions.node, 10) < 20) {
  process.exitCode = 2;
  const summary = `nodeploy needs Node 20 or later, and ${process.execPath} is ${process.version}`;
  const advice = 'start it with a newer one, such as that of the image node:22-alpine';
  if (wantsJson(process.argv.slice(2), process.env)) console.log(JSON.stringify({decision: 'error', reason: 'internal', summary, advice}));
  else console.error(`${summary}\n${advice}\nnodeploy: could not decide (exit 2)`);
  process.exit();
}
