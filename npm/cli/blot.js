// The token, blotted out of every text that leaves this process, whoever has put it there: Kosli, a file, a person, a stack.
import {PRETENDING_TOKEN, withoutToken} from '../kosli-account.js';

/** From here on these streams do not show `token`, as it is or as JSON or a URL has it. */
export function blotOut(token, streams) {
  const secrets = forms(token);
  if (secrets.length === 0) return;
  const blotted = text => secrets.reduce(withoutToken, text);
  for (const stream of streams) {
    const write = stream.write.bind(stream);
    stream.write = (chunk, ...rest) =>
      write(typeof chunk === 'string' ? blotted(chunk) : Buffer.from(blotted(Buffer.from(chunk).toString('latin1')), 'latin1'), ...rest);
  }
}

/** Whether one of these words holds `token`: what is on record everybody may read. */
export const holdsToken = (words, token) => words.some(word => forms(token).some(secret => withoutToken(word, secret) !== word));

function forms(token = '') {
  const secret = token.trim();
  if (secret === '' || secret === PRETENDING_TOKEN) return [];
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), new URLSearchParams({secret}).toString().slice('secret='.length)])];
}
