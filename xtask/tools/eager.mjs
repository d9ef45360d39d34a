// V8 looks over a function where it stands, to find its end, and reads it again, in full, when it is called; one in parentheses it reads in
// full at once. So what is run anyway is put in parentheses: a quarter of the time in which a gate reads its JavaScript.
import {parse} from 'acorn';

/**
 * The script `code`, as esbuild writes it (with every semicolon), with the functions in parentheses that `isRun(function)`, which tells by `start`,
 * `end` and `body.start`. They do what they did; only whoever asks for the text of one, or for the `prototype` of an arrow function, sees it.
 */
export function eager(code, isRun) {
  return body(parse(code, {ecmaVersion: 'latest'}));

  // A declaration holds from the beginning of what it is in; so does a variable that is set there.
  function body(block) {
    if (block.type !== 'BlockStatement' && block.type !== 'Program') return `{return ${written(block)}}`;
    const declared = block.body.filter(node => node.type === 'FunctionDeclaration' && isRun(node));
    const first = block.body.find(({directive}) => !directive)?.start ?? block.end;
    const variables = declared.map(node => `var ${node.id.name}=(${functionOf(node)});`).join('');
    const rest = block.body.map(node => declared.includes(node) ? {...node, text: ''} : node);
    return woven(block, [...rest, {start: first, end: first, text: variables}].sort(inOrder));
  }

  function written(node) {
    if (node.text !== undefined) return node.text;
    if (isFunction(node) && !isRun(node)) return code.slice(node.start, node.end);
    if (node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression' && !partsOf(node).some(isOfItsPlace)) return `(${functionOf(node)})`;
    return woven(node, partsOf(node).sort(inOrder));
  }

  function functionOf({type, async, generator, id, params, body: block}) {
    const name = id && type === 'FunctionExpression' ? ` ${id.name}` : '';
    return `${async ? 'async ' : ''}function${generator ? '*' : ''}${name}(${params.map(written)})${body(block)}`;
  }

  function woven({start, end}, parts) {
    let [text, at] = ['', start];
    for (const part of parts) {
      if (part.start < at) continue; // `{name}`: a key that is its value
      text += code.slice(at, part.start) + written(part);
      at = part.end;
    }
    return text + code.slice(at, end);
  }
}

const isFunction = ({type}) => ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type);

const inOrder = (one, other) => one.start - other.start || one.end - other.end;

function partsOf(node) {
  // A method is a function without the word.
  if (node.method || node.kind === 'get' || node.kind === 'set' || node.type === 'MethodDefinition') return [...(node.computed ? [node.key] : []), ...partsOf(node.value)];
  return Object.values(node).flat().filter(part => typeof part?.type === 'string');
}

// Whether an arrow function has, or may have in what it evaluates, the `this` or the `arguments` of what it is in.
function isOfItsPlace(node) {
  if (['ThisExpression', 'Super', 'MetaProperty'].includes(node.type) || node.type === 'Identifier' && ['arguments', 'eval'].includes(node.name)) return true;
  return node.type !== 'FunctionExpression' && node.type !== 'FunctionDeclaration' && partsOf(node).some(isOfItsPlace);
}
