// YAML 1.2 with its core schema, read so that nothing has two meanings: no tags, no key twice, one document.
import {PolicyError} from '../policy.js';

const DEEPEST = 100;
const MOST_ALIASES = 1000; // of one anchor, those inside it counted: no small file becomes an immense document
const OPTIONS = {version: '1.2', schema: 'core', resolveKnownTags: false, stringKeys: true, uniqueKeys: false, logLevel: 'error', prettyErrors: false};

/** `{document, offsetOf(keys)}`; `fail(offset, words, advice)` is called where it cannot be read. */
export async function parseYaml(text, fail) {
  const {Composer, Parser, isAlias, isMap, isScalar, isSeq, visit} = await yaml();

  // Composing is recursive. Where that ends the stack, Node may end as a whole.
  class ShallowParser extends Parser {
    *next(token) {
      if (token.startsWith('!') && !this.atScalar) refuseTag(text, this.offset, token, fail);
      yield* super.next(token);
      if (this.stack.length > 2 * DEEPEST) fail(this.offset, 'it is nested too deeply');
    }
  }

  const [yamlDocument, second] = new Composer(OPTIONS).compose(new ShallowParser().parse(text), true, text.length);
  for (const {code, pos: [offset], message} of [...yamlDocument.errors, ...yamlDocument.warnings]) {
    const end = text.slice(offset).search(/[\s,\]}]|$/);
    fail(offset, ...words(code, message, text.slice(offset, offset + end)));
  }
  if (second) fail(second.range[0], 'a second document begins here', 'a policy is one document: take out the `---`');

  visit(yamlDocument, {
    Map(_, {items}) {
      const keys = new Set();
      for (const {key} of items) {
        if (keys.has(key.value)) fail(key.range[0], `\`${key.value}\` stands twice`);
        keys.add(key.value);
      }
    },
    Scalar(_, {value, source, range}) {
      if (typeof value === 'number' && !Number.isFinite(value)) fail(range[0], `\`${source}\` is no number that JSON has`);
    },
    Alias(_, alias, ancestors) {
      const target = alias.resolve(yamlDocument);
      if (target === undefined) fail(alias.range[0], `\`*${alias.source}\` repeats what \`&${alias.source}\` marks, and nothing is marked so`, quoted(`*${alias.source}`));
      if (ancestors.includes(target)) fail(alias.range[0], `\`*${alias.source}\` stands inside of what it repeats`);
    },
  });

  const offsetOf = keys => {
    let node = yamlDocument.contents;
    let offset = node?.range[0] ?? 0;
    for (const key of keys) {
      if (isAlias(node)) node = node.resolve(yamlDocument);
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
  };

  try {
    return {document: yamlDocument.toJS({maxAliasCount: MOST_ALIASES}), offsetOf};
  } catch (error) {
    if (error instanceof ReferenceError) return fail(0, 'its aliases repeat too much', 'write out what they stand for');
    throw error;
  }
}

// Of some tags YAML makes nothing at all, `!` among them: `[! prod-canary]` would be the very name that was to be left out.
function refuseTag(text, offset, tag, fail) {
  const excluded = tag === '!' && /^![ \t]+([\w.*?-]+)/.exec(text.slice(offset))?.[1];
  fail(offset, `\`${tag}\` is a tag to YAML, and a policy has none`, quoted(excluded ? `!${excluded}` : tag));
}

async function yaml() {
  try {
    return await import('yaml');
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

const quoted = text => `a text like this goes into quotes: "${text}"`;
const lowered = message => message[0].toLowerCase() + message.slice(1);
