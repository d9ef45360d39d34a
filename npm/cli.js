#!/usr/bin/env node
// The command line's door. Whatever keeps the gate from looking is an error, an installation that is not whole, too.
process.exitCode = 2; // until it is decided

try {
  await import('./cli/main.js');
} catch (error) {
  const summary = `nodeploy cannot start: ${error.message}`;
  const advice = 'its installation is not whole, or Node is older than 20: install it again';
  if (process.argv.includes('--json')) console.log(JSON.stringify({decision: 'error', reason: 'internal', summary, advice}, null, 2));
  else console.error(`${summary}\n${advice}`);
}
