// Finds the parts of the one file that this is in (one-file.mjs): what a gate without a policy runs is `nodeploy_gate`; the others are packed,
// in comments of `nodeploy_asides`: the pack of those that a gate with a policy loads, and that of those that none does.
const nodeploy_loaded = {};
const nodeploy_packs = {};
let nodeploy_comments;

function nodeploy_part(name) {
  if (name !== 'gate' && !/^\d+$/.test(name)) return require(name);
  if (!nodeploy_loaded[name]) {
    const module = nodeploy_loaded[name] = {exports: {}};
    // Encoded: a path may have what ends a comment, and what comes after that would be run.
    const run = name === 'gate' ? nodeploy_gate : nodeploy_run(`${nodeploy_code(name)}\n//# sourceURL=${encodeURI(__filename)}#${name}`);
    run(module.exports, nodeploy_part, module, __filename);
  }
  return nodeploy_loaded[name].exports;
}

// Where Node is told to make no code of texts (--disallow-code-generation-from-strings), its module for that still does.
function nodeploy_run(code) {
  const given = ['exports', 'require', 'module', '__filename'];
  try {
    return Function(...given, code);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return require('node:vm').compileFunction(code, given);
  }
}

function nodeploy_code(name) {
  return nodeploy_whole('unpacked', () => {
    for (const pack of ['gates', 'others']) {
      nodeploy_packs[pack] ??= JSON.parse(nodeploy_brotli(nodeploy_aside(pack)));
      if (name in nodeploy_packs[pack]) return nodeploy_packs[pack][name];
    }
    throw new Error(`it has no part ${name}`); // nothing would be run in its place
  });
}

function nodeploy_unpacked(name) {
  return nodeploy_whole('unpacked', () => nodeploy_brotli(nodeploy_aside(name)));
}

function nodeploy_brotli(packed) {
  return require('node:zlib').brotliDecompressSync(packed);
}

// The words for a file of which something is missing, or spoilt.
function nodeploy_whole(what, act) {
  try {
    return act();
  } catch (error) {
    throw Object.assign(new Error(`${__filename} cannot be ${what}: ${error.message}`), {advice: 'is the file whole? install it again'});
  }
}

function nodeploy_aside(name) {
  if (nodeploy_comments === undefined) {
    nodeploy_comments = String(nodeploy_asides);
    // Bun keeps no comments; there the file is read once more.
    if (!nodeploy_comments.includes('/*')) nodeploy_comments = require('node:fs').readFileSync(__filename, 'latin1');
  }
  const begin = nodeploy_comments.indexOf(`/*${name}:`) + name.length + 3;
  return Buffer.from(nodeploy_comments.slice(begin, nodeploy_comments.indexOf('*', begin)), 'base64');
}
