#!/usr/bin/env node
// The command line's door. Whatever keeps the gate from looking is an error, an installation that is not whole, too.
process.exitCode = 2; // until it is decided

start();

async function start() {
  try {
    if (parseInt(process.versions.node) < 20) await import('./cli/too-old.js'); // which ends here
    const {blotOut} = await import('./cli/blot.js');
    // `nodeploy local` prints the token of its own server, on purpose.
    if (process.argv[2] !== 'local') blotOut(process.env.KOSLI_API_TOKEN, [process.stdout, process.stderr]);
    await (await import('./cli/main.js')).start(process.argv.slice(2), process.env);
  } catch (error) {
    const summary = `nodeploy cannot start: ${error.message}`;
    const advice = adviceOn(error);
    if (await isJsonWanted()) console.log(ascii({decision: 'error', reason: 'internal', summary, advice}));
    else console.error([ascii(summary).slice(1, -1), advice, ...(process.stderr.isTTY ? [] : ['nodeploy: could not decide (exit 2)'])].join('\n'));
  }
}

const isJsonWanted = () => import('./cli/wants-json.js').then(({wantsJson}) => wantsJson(process.argv.slice(2), process.env), () => process.argv.includes('--json'));

function adviceOn({message}) {
  if (typeof WebAssembly === 'undefined') return 'Node was started without WebAssembly, which the core is: leave out --jitless (NODE_OPTIONS may have it)';
  if (/out of memory/i.test(message)) return 'a limit (ulimit -v) leaves no address space for WebAssembly, which takes 10 GB of it: raise that, or set NODE_OPTIONS=--disable-wasm-trap-handler';
  return 'its installation is not whole: install it again';
}

// The core, which makes text printable, may be what is missing: JSON's own escapes must do.
function ascii(value) {
  return JSON.stringify(value).replace(/##/g, '#\\u0023').replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
