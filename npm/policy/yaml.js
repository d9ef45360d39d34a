// YAML 1.2 with its core schema, read so that nothing has two meanings: no tags, no key twice, one document.
import {PolicyError} from './error.js';
import {quoted, valueOf} from './yaml-value.js';

const DEEPEST = 100;
const NAMES = {'\r': 'a carriage return alone', '\u0085': 'U+0085', '\u2028': 'U+2028', '\u2029': 'U+2029'};
const MOST_TOKENS = 500_000; // ten times what the largest policy needs
const OPTIONS = {version: '1.2', schema: 'core', resolveKnownTags: false, stringKeys: true, uniqueKeys: false, logLevel: 'error', prettyErrors: false};

/** `{document, offsetOf(keys)}`; `fail(offset, words, advice)` is called where it cannot be read. Its time is linear in the text's length. */
export async function parseYaml(text, fail) {
  const ends = /\r(?!\n)|[\u0085\u2028\u2029]/.exec(text);
  if (ends) fail(ends.index, `to some programs a line ends here, to others it goes on: ${NAMES[ends[0]]}`, 'take that out; if a line is to end there, write a line feed');
  const parser = await yaml();
  const {Composer, Parser} = parser;

  class BoundedParser extends Parser {
    tokens = 0;

    *next(token) {
      if (token.startsWith('!') && !this.atScalar) refuseTag(text, this.offset, token, fail);
      if (++this.tokens > MOST_TOKENS) fail(this.offset, 'it has too many parts', 'is it a policy?');
      yield* super.next(token);
      // Composing is recursive. Where that ends the stack, Node may end as a whole.
      if (this.stack.length > 2 * DEEPEST) fail(this.offset, 'it is nested too deeply');
    }
  }

  // The first thing that is wrong is enough: a text of commas has a million of them.
  class StrictComposer extends Composer {
    constructor(options) {
      super(options);
      const {onError} = this;
      this.onError = (...problem) => {
        onError(...problem);
        this.stopAtFirst(this);
      };
    }

    *next(token) {
      yield* super.next(token);
      this.stopAtFirst(this);
      this.stopAtFirst(this.doc);
    }

    stopAtFirst(place) {
      for (const problem of place?.errors ?? []) refuse(problem, text, fail);
      for (const problem of place?.warnings ?? []) refuse(problem, text, fail);
    }
  }

  const composer = new StrictComposer(OPTIONS);
  const [yamlDocument, second] = composer.compose(new BoundedParser().parse(text), true, text.length);
  composer.stopAtFirst(yamlDocument);
  if (second) fail(second.range[0], 'a second document begins here', 'a policy is one document: take out the `---`');
  const {value, targets} = valueOf(yamlDocument.contents, {text, parser, fail});
  return {document: value, offsetOf: keys => offsetOf(keys, yamlDocument.contents, targets, parser)};
}

function offsetOf(keys, contents, targets, {isAlias, isMap, isScalar, isSeq}) {
  let node = contents;
  let offset = node?.range[0] ?? 0;
  for (const key of keys) {
    if (isAlias(node)) node = targets.get(node);
    if (isSeq(node)) {
      node = node.items[key];
      offset = node?.range[0] ?? offset;
    } else if (isMap(node)) {
      const pair = node.items.find(each => isScalar(each.key) && each.key.value === key);
      offset = pair?.key.range[0] ?? offset;
      node = pair?.value;
    } else {
      break; // whatever is nearest
    }
  }
  return offset;
}

function refuse({code, pos: [offset], message}, text, fail) {
  const [shown] = /^[^\s,\]}]{0,100}/.exec(text.slice(offset, offset + 100));
  fail(offset, ...words(code, message, shown));
}

// Of some tags YAML makes nothing at all, `!` among them: `[! prod-canary]` would be the very name that was to be left out.
function refuseTag(text, offset, tag, fail) {
  const excluded = tag === '!' && /^![ \t]+([\w.*?-]+)/.exec(text.slice(offset))?.[1];
  fail(offset, `\`${tag}\` is a tag to YAML, and a policy has none`, quoted(excluded ? `!${excluded}` : tag));
}

async function yaml() {
  try {
    return await import('./yaml-parser.js');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new PolicyError('the npm package `yaml` is missing, without which no YAML can be read', 'install nodeploy again (in a clone: `npm ci` in npm/), or write the policy as nodeploy.json');
  }
}

// What people fall into most often, in our words; the rest in those of the parser.
function words(code, message, text) {
  switch (code) {
    case 'BAD_ALIAS': return [`\`${text}\` would repeat what an anchor marks`, quoted(text)];
    case 'BLOCK_AS_IMPLICIT_KEY': return ['a second `: ` stands in one line', quoted('Demo: the blog post')];
    case 'BAD_SCALAR_START': return [lowered(message), quoted(text)];
    case 'TAB_AS_INDENT': return ['a tab stands where only spaces may indent'];
    default: return [lowered(message)];
  }
}

const lowered = message => message[0].toLowerCase() + message.slice(1);
