// The beginning of the command line as one file, and of what a Node of 2019 reads: it would end as a refusal does, with a syntax error further down.
process.exitCode = 2;
if (parseInt(process.versions.node, 10) < 20) {
  var summary = 'nodeploy needs Node 20 or later, and ' + process.execPath + ' is ' + process.version;
  var advice = 'start it with a newer one, such as that of the image node:22-alpine';
  if (process.argv.indexOf('--json') < 0) console.error(summary + '\n' + advice + '\nnodeploy: could not decide (exit 2)');
  else console.log(JSON.stringify({decision: 'error', reason: 'internal', summary: summary, advice: advice}));
  process.exit();
}
