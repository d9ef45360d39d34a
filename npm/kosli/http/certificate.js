// A certificate that nobody here vouches for: mostly a company's own authority, at a proxy or in front of Kosli.

const UNKNOWN_AUTHORITY = /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/;
const WAY_OUT = "if that is your company's own certificate authority, name the file of its certificate in NODE_EXTRA_CA_CERTS";

/** The words of an error, with the way out where it is about the authority. */
export const withWayOut = ({code = ''}, words) => UNKNOWN_AUTHORITY.test(code) && !words.includes(WAY_OUT) ? `${words}; ${WAY_OUT}` : words;
