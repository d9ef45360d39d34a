#!/usr/bin/env node
// The command line's door. Whatever keeps the gate from looking is an error, an installation that is not whole, too.
process.exitCode = 2; // until it is decided

const isOld = parseInt(process.versions.node) < 20;

start();

async function start() {
  try {
    if (isOld) throw new Error(`it needs Node 20 or later, and ${process.execPath} is ${process.version}`);
    const {blotOut} = await import('./cli/blot.js');
    // `nodeploy local` prints the token of its own server, on purpose.
    if (process.argv[2] !== 'local') blotOut(process.env.KOSLI_API_TOKEN, [process.stdout, process.stderr]);
    await (await import('./cli/main.js')).start(process.argv.slice(2), process.env);
  } catch (error) {
    const summary = `nodeploy cannot start: ${error.message}`;
    const advice = adviceOn(error);
    if (process.argv.includes('--json')) console.log(ascii({decision: 'error', reason: 'internal', summary, advice}));
    else console.error([ascii(summary).slice(1, -1), advice, ...(process.stderr.isTTY ? [] : ['nodeploy: could not decide (exit 2)'])].join('\n'));
  }
}

function adviceOn({message}) {
  if (isOld) return 'start it with a newer one, such as that of the image node:22-alpine';
  if (typeof WebAssembly === 'undefined') return 'Node was started without WebAssembly, which the core is: leave out --jitless (NODE_OPTIONS may have it)';
  if (/out of memory/i.test(message)) return 'a limit (ulimit -v) leaves no address space for WebAssembly, which takes 10 GB of it: raise that, or set NODE_OPTIONS=--disable-wasm-trap-handler';
  return 'its installation is not whole: install it again';
}

// The core, which makes text printable, may be what is missing: JSON's own escapes must do.
function ascii(value) {
  return JSON.stringify(value).replace(/##/g, '#\\u0023').replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
