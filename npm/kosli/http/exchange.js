// One request and its answer, or the reason why there is none. No retries, no meaning.
import {withWayOut} from './certificate.js';

/** Why there is no answer. `sent`: the request may have reached Kosli. `lasting`: trying again would not help. */
class ExchangeError extends Error {
  constructor(message, {sent, lasting = false}) {
    super(message);
    this.sent = sent;
    this.lasting = lasting;
  }
}

/**
 * Sends `bytes` with `options` (of `node:http`) and collects the answer: `{status, headers, body: Buffer}`.
 * `milliseconds` limits each of `{connect, idle, total}`; a `signal` ends the exchange at once.
 */
export function exchange(transport, options, bytes, {milliseconds, maxBytes, signal}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new ExchangeError('stopped', {sent: false, lasting: true}));
    let sent = false;
    let settled = false;
    const request = transport.request(options);
    const timers = [setTimeout(() => fail(`no complete answer within ${seconds(milliseconds.total)}`), milliseconds.total)];

    const settle = () => {
      settled = true;
      timers.forEach(clearTimeout);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (message, lasting) => {
      if (settled) return;
      settle();
      request.destroy();
      reject(new ExchangeError(message, {sent, lasting}));
    };
    const abort = () => fail('stopped', true);

    signal?.addEventListener('abort', abort);

    request.on('socket', socket => {
      if (settled) return;
      const connected = () => { sent = true; };
      if (!socket.connecting && !socket.secureConnecting) return connected();
      const connecting = setTimeout(() => fail(`no connection within ${seconds(milliseconds.connect)}`), milliseconds.connect);
      timers.push(connecting);
      socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => {
        clearTimeout(connecting);
        connected();
      });
    });
    request.setTimeout(milliseconds.idle, () => fail(`no answer for ${seconds(milliseconds.idle)}`));
    request.on('error', error => fail(wordsOf(error), isLasting(error)));
    request.on('response', response => {
      const chunks = [];
      let size = 0;
      response.on('data', chunk => {
        size += chunk.length;
        if (size > maxBytes) fail(`the answer is larger than ${maxBytes} bytes`, true);
        else chunks.push(chunk);
      });
      response.on('error', error => fail(`the answer broke off: ${wordsOf(error)}`));
      response.on('end', () => {
        if (settled) return;
        settle();
        const age = response.headersDistinct.age?.join(', '); // of several caches on the way each may add a line; Node keeps the first one
        resolve({status: response.statusCode, headers: {...response.headers, age}, body: Buffer.concat(chunks)});
      });
    });
    request.end(bytes);
  });
}

const seconds = milliseconds => `${Math.round(milliseconds / 10) / 100} s`;

// Several addresses were tried: Node puts what happened to each into `errors` and leaves `message` empty.
const wordsOf = error => withWayOut(error, error.message || error.errors?.map(each => each.message).join(', ') || error.code || error.name);

// Certificates, protocols and passwords do not mend themselves within seconds.
const isLasting = ({code = ''}) => /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ERR_PROXY|EPROTO|HPE_|ERR_UNESCAPED|ERR_INVALID/.test(code);
