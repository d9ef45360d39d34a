// Why TLS does not come about: a certificate that nobody here vouches for, mostly of a company's own authority, at a proxy or in front of
// Kosli; one of another time than the clock here shows; or a server that speaks no TLS.

const UNKNOWN_AUTHORITY = /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/;
const WAY_OUT = "if that is your company's own certificate authority, name the file of its certificate in NODE_EXTRA_CA_CERTS";

const NO_TLS = /wrong version number/; // OpenSSL's words for an answer in plain text
const PLAIN = 'plain http is spoken there (EPROTO); does its address begin with http://, or has it another port?';

const OF_ANOTHER_TIME = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/;
const byTheClock = () => `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC by this machine's clock: is that right?`;

/** The words of an error, with the way out where it is about the authority, the clock, or TLS itself. */
export function withWayOut({code = ''}, words) {
  if (NO_TLS.test(words)) return PLAIN;
  if (OF_ANOTHER_TIME.test(code) && !words.includes(' clock: ')) return `${words} (${byTheClock()})`;
  return UNKNOWN_AUTHORITY.test(code) && !words.includes(WAY_OUT) ? `${words}; ${WAY_OUT}` : words;
}
