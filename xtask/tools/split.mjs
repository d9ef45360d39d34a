// Cuts the module in two, so that a gate reads and checks a third of it: what a gate runs, and the rest. Both are the same core:
// where the first part comes to a function that it does not have, it calls `load`, which puts the rest beside it, on the same memory.
import binaryen from 'binaryen';

const GLUE = './freeze_bg.js'; // what wasm-bindgen's modules import from

/** `{gate, rest}`; `use(exports)` makes the calls of a gate. */
export function split(wasm, use) {
  const ran = ranBy(wasm, use);
  const gate = binaryen.readBinary(wasm);
  const missing = functionsOf(gate).filter(({name, module}) => !module && !ran.has(name));
  return {gate: gatePart(gate, missing), rest: restPart(binaryen.readBinary(wasm), missing)};
}

function ranBy(wasm, use) {
  const module = binaryen.readBinary(wasm);
  const functions = functionsOf(module);
  const ran = new Set();
  module.addFunctionImport('ran', GLUE, 'ran', binaryen.i32, binaryen.none);
  functions.forEach(({name, module: from, body, results}, index) => {
    if (from) return;
    const noted = module.call('ran', [module.i32.const(index)], binaryen.none);
    binaryen.Function.setBody(module.getFunction(name), module.block(null, [noted, body], results));
  });
  const imports = {ran: index => ran.add(functions[index].name), __wbindgen_init_externref_table() {}};
  use(new WebAssembly.Instance(new WebAssembly.Module(made(module)), {[GLUE]: imports}).exports);
  return ran;
}

// In place of each missing function, a call of its namesake in the table `later`, which `load` fills.
function gatePart(module, missing) {
  const {i32, local, global} = module;
  for (const {name} of variablesOf(module)) module.addGlobalExport(name, name);
  module.addTableExport(tablesOf(module)[0].name, 'functions');
  module.addTable('later', missing.length, missing.length);
  module.addTableExport('later', 'later');
  module.addGlobal('loaded', binaryen.i32, true, i32.const(0));
  module.addFunctionImport('load', GLUE, 'load', binaryen.none, binaryen.none);
  missing.forEach(({name, params, results}, place) => {
    const given = binaryen.expandType(params).map((type, index) => local.get(index, type));
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.block(null, [
      module.if(i32.eqz(global.get('loaded', binaryen.i32)), module.block(null, [module.call('load', [], binaryen.none), global.set('loaded', i32.const(1))])),
      module.call_indirect('later', i32.const(place), given, params, results),
    ], results));
  });
  return made(module);
}

// All of the module, on the memory, the tables and the variables of the part that is there already.
function restPart(module, missing) {
  const [functions, references] = tablesOf(module);
  const memory = exportsOf(module).find(({kind}) => kind === binaryen.ExternalMemory);
  module.setMemory(module.getMemoryInfo().initial, -1, null, []); // what is in it stays
  module.addMemoryImport(memory.value, GLUE, memory.name, false);
  module.addTableImport(functions.name, GLUE, 'functions');
  module.addTableImport(references.name, GLUE, '__wbindgen_externrefs');
  for (const {name, type} of variablesOf(module)) module.addGlobalImport(name, GLUE, name, type, true);
  for (const {name} of exportsOf(module)) module.removeExport(name);
  module.addTable('later', missing.length, missing.length);
  module.addTableImport('later', GLUE, 'later');
  module.addActiveElementSegment('later', 'later', missing.map(({name}) => name), module.i32.const(0));
  return made(module);
}

function made(module) {
  module.runPasses(['remove-unused-module-elements']);
  if (!module.validate()) throw new Error('a part of the module is not valid');
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

const listed = (count, at) => Array.from({length: count}, (_, index) => at(index));
const functionsOf = module => listed(module.getNumFunctions(), index => binaryen.getFunctionInfo(module.getFunctionByIndex(index)));
const tablesOf = module => listed(module.getNumTables(), index => binaryen.getTableInfo(module.getTableByIndex(index)));
const exportsOf = module => listed(module.getNumExports(), index => binaryen.getExportInfo(module.getExportByIndex(index)));
const variablesOf = module => listed(module.getNumGlobals(), index => binaryen.getGlobalInfo(module.getGlobalByIndex(index))).filter(({mutable}) => mutable);
