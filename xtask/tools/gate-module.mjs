// The module of a gate: the whole one without what no gate runs, a sixth of its code. It is checked and compiled in a third of the time.
// The core is a function of its call and remembers nothing: a call that comes to what is missing ends there (`unreachable`), and is made
// again, of the whole module (door-of-gate.js). So the answer is always the whole module's, whatever the gates were that this was made from.
import binaryen from 'binaryen';

const GLUE = './freeze_bg.js'; // what wasm-bindgen's modules import from

/** The module `wasm` without the code that `use(exports)`, which makes the calls of gates, does not run, and without the exports that it does not take. */
export function gateModule(wasm, use) {
  const {ran, taken} = ranBy(wasm, use);
  const module = binaryen.readBinary(wasm);
  eachStretch(module, (stretch, number) => ran.has(number) || isSmall(stretch) ? stretch : module.unreachable());
  for (const name of exportsOf(module)) if (!taken.has(name)) module.removeExport(name); // V8 compiles a door for each form of them
  tidy(module);
  return made(module);
}

// A function in others is compiled with each of them; a large one in its only caller, where that runs and it does not.
function tidy(module) {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  for (const most of ['AlwaysInlineMaxSize', 'FlexibleInlineMaxSize']) binaryen[`set${most}`](0);
  binaryen.setOneCallerInlineMaxSize(120);
  module.optimize();
}

// A field that is written, or not: to leave it out saves nothing, and ends a call for an `Option` that was never `None`.
const isSmall = stretch => binaryen.getExpressionId(stretch) === binaryen.StoreId;

function ranBy(wasm, use) {
  const module = binaryen.readBinary(wasm);
  const ran = new Set();
  module.addFunctionImport('ran', GLUE, 'ran', binaryen.i32, binaryen.none);
  eachStretch(module, (stretch, number) => {
    const noted = module.call('ran', [module.i32.const(number)], binaryen.none);
    return module.block(null, [noted, stretch], binaryen.getExpressionType(stretch));
  });
  const imports = {ran: number => ran.add(number), __wbindgen_init_externref_table() {}};
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(made(module)), {[GLUE]: imports});
  const taken = new Set(['__wbindgen_externrefs']); // by the glue, to start it
  use(new Proxy(exports, {get: (all, name) => taken.add(name) && all[name]}));
  return {ran, taken};
}

const exportsOf = module => Array.from({length: module.getNumExports()}, (_, index) => binaryen.getExportInfo(module.getExportByIndex(index)).name);

function made(module) {
  if (!module.validate()) throw new Error('what was made of the module is not valid');
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

// Puts `replaced(stretch, number)` in place of each stretch of code that may be left out when what is around it runs: a function, an arm
// of a condition, what comes after a part of a block. In the same order each time.
function eachStretch(module, replaced) {
  let count = 0;
  const replace = stretch => {
    within(stretch);
    return replaced(stretch, count++);
  };
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const reference = module.getFunctionByIndex(index);
    const {module: from, body} = binaryen.getFunctionInfo(reference);
    if (!from) binaryen.Function.setBody(reference, replace(body));
  }

  // Of what else may hold such a stretch, all of it stays.
  function within(expression) {
    const {Block, If, Loop, LocalSet, Drop} = binaryen;
    switch (binaryen.getExpressionId(expression)) {
      case binaryen.BlockId:
        for (let index = 0; index < Block.getNumChildren(expression); index++) {
          const child = Block.getChildAt(expression, index);
          if (index === 0) within(child);
          else Block.setChildAt(expression, index, replace(child));
        }
        break;
      case binaryen.IfId:
        within(If.getCondition(expression));
        If.setIfTrue(expression, replace(If.getIfTrue(expression)));
        if (If.getIfFalse(expression)) If.setIfFalse(expression, replace(If.getIfFalse(expression)));
        break;
      case binaryen.LoopId: return within(Loop.getBody(expression));
      case binaryen.LocalSetId: return within(LocalSet.getValue(expression));
      case binaryen.DropId: return within(Drop.getValue(expression));
    }
  }
}
