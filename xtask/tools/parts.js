// Finds the parts of the one file that this is in (one-file.mjs): what a gate runs is `nodeploy_gate`, the others are in the comments
// of `nodeploy_asides`. Bun keeps no comments; there the file is read once more.
const nodeploy_loaded = {};

function nodeploy_part(name) {
  if (name !== 'gate' && !/^\d+$/.test(name)) return require(name);
  if (!nodeploy_loaded[name]) {
    const module = nodeploy_loaded[name] = {exports: {}};
    // Encoded: a path may have what ends a comment, and what comes after that would be run.
    const run = name === 'gate' ? nodeploy_gate : nodeploy_run(`${nodeploy_aside(name)}\n//# sourceURL=${encodeURI(__filename)}#${name}`);
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

function nodeploy_aside(name) {
  const found = text => {
    const begin = text.indexOf(`/*${name}:`);
    return begin < 0 ? undefined : text.slice(begin + name.length + 3, text.indexOf('*/', begin)).replaceAll('*@/', '*/');
  };
  return found(String(nodeploy_asides)) ?? found(require('node:fs').readFileSync(__filename, 'latin1'));
}
