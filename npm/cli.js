#!/usr/bin/env node
// The command line's door. Whatever keeps the gate from looking is an error, an installation that is not whole, too.
process.exitCode = 2; // until it is decided

try {
  await import('./cli/main.js');
} catch (error) {
  // Where even that is missing, JSON's own escapes must do.
  const {printable, printableJson} = await import('./printable.js').catch(() => ({printable: JSON.stringify, printableJson: JSON.stringify}));
  const summary = printable(`nodeploy cannot start: ${error.message}`);
  const advice = 'its installation is not whole, or Node is older than 20: install it again';
  if (process.argv.includes('--json')) console.log(printableJson({decision: 'error', reason: 'internal', summary, advice}));
  else console.error(`${summary}\n${advice}`);
}
