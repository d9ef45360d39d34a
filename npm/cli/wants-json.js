// Apart from the other options: also a Node that is too old for them reads it (too-old.js).

/** Whether a JSON document is wanted, also of an error in the rest of these arguments. */
export const wantsJson = (args, env) => args.some((arg, index) =>
  ['--json', '-ojson', '--output=json'].includes(arg) || (arg === 'json' && ['-o', '--output'].includes(args[index - 1])))
  || ((env.NODEPLOY_OUTPUT || '').trim() === 'json' && !args.some(arg => /^(-o|--output|--(csv|md)$)/.test(arg)));
