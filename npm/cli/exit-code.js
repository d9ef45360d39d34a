// What the process ends with.

export const EXIT_CODES = {proceed: 0, refuse: 1, error: 2};

/** The gate's code of a decision; `status` is a question, answered where it can be told, and a gate with `--exit-code` alone. */
export function exitCode(verb, decision, {'exit-code': isGate} = {}) {
  if (verb === 'status' && decision === 'refuse' && !isGate) return EXIT_CODES.proceed;
  return EXIT_CODES[decision] ?? EXIT_CODES.error;
}
