// The verbs of the command line: their only list, in the order of the help. A new one is an entry here.
//
// writes     it writes to Kosli: a run of it that is cut has something to finish
// policy     it goes by a policy: `optional`, if there is one; `required`; `told`: by none, and says what one closes all the same
// anywhere   it needs no environment
// argument   what stands after it
// table      without an environment it is about all of them
// states     it states the pipeline's change and run
// head       the first line that a person reads: `Setting nodeploy for prod-aws`
// help       what it is for
// also       what others call it: a hint for whoever tries that
// options    those it takes besides the ones that every verb takes (options.js)

export const VERBS = {
  on: {
    also: ['freeze', 'lock', 'stop'],
    writes: true,
    policy: 'told',
    head: 'Setting',
    help: 'stop deployments to ENV; needs a reason',
    options: ['all-environments', 'yes', 'reason', 'until', 'by', 'freeze', 'except', 'policy'],
  },
  off: {
    also: ['lift', 'unfreeze', 'thaw', 'unlock'],
    writes: true,
    policy: 'told',
    head: 'Removing',
    help: 'lift your own freeze, or the ones named',
    options: ['all-environments', 'yes', 'reason', 'by', 'freeze', 'all', 'policy'],
  },
  assert: {
    also: ['check', 'gate', 'verify'],
    policy: 'optional',
    states: true,
    head: 'Checking',
    help: 'the gate of a pipeline: exit 0 if ENV is open, 1 if it is closed, 2 if that is not known',
    options: ['all-environments', 'policy', 'at', 'needs', 'wait', 'change', 'run', 'claim', 'record', 'attest', 'evidence'],
  },
  status: {
    also: ['list', 'ls', 'show', 'get'],
    policy: 'optional',
    table: true,
    states: true,
    help: 'who froze ENV, why, since when and until when (without -e: a table of all): exit 0 if that can be told, 2 if not',
    options: ['all-environments', 'policy', 'at', 'exit-code', 'closed', 'change', 'run', 'awaiting', 'md', 'html', 'svg'],
  },
  windows: {
    also: ['agenda', 'calendar'],
    policy: 'required',
    anywhere: true,
    help: 'when the policy closes ENV, or (without -e) anything; needs no Kosli account for that (--ics with -e does: people may have frozen ENV)',
    options: ['policy', 'at', 'days', 'ics', 'md', 'html', 'svg'],
  },
  report: {
    also: ['history', 'audit', 'log'],
    table: true,
    help: 'what was closed, who was let through, and what was deployed meanwhile (without -e: everywhere): in the last 90 days, or --from and --to',
    options: ['all-environments', 'from', 'to', 'delay', 'no-deployments', 'csv', 'md', 'html', 'svg', 'exit-code'],
  },
  sync: {
    also: ['repair', 'fix'],
    writes: true,
    policy: 'optional',
    head: 'Syncing',
    help: 'repair what was left half done, end what has expired, put freeze windows on record; run it from cron',
    options: ['all-environments', 'policy'],
  },
  replay: {
    anywhere: true,
    argument: 'FILE',
    help: 'decide again what `assert --evidence FILE` has kept: exit 0 if the answer is the same, 1 if it is not',
    options: [],
  },
  except: {
    writes: true,
    policy: 'optional',
    head: 'Asking for an exception to',
    help: 'ask to let a particular change pass while ENV is closed; says who must approve, and how',
    options: ['reason', 'until', 'by', 'change', 'uses', 'approvals', 'freeze', 'window', 'exception', 'policy'],
  },
  approve: {
    writes: true,
    policy: 'optional',
    head: 'Approving an exception to',
    help: 'approve an exception that somebody else asks for',
    options: ['exception', 'by', 'reason', 'policy'],
  },
  revoke: {
    writes: true,
    head: 'Revoking an exception to',
    help: 'end an exception, for good',
    options: ['exception', 'by', 'reason'],
  },
  claim: {
    writes: true,
    policy: 'optional',
    states: true,
    head: 'Claiming an exception to',
    help: 'put the use of an exception on record for a gate that may only read',
    options: ['exception', 'change', 'run', 'needs', 'policy'],
  },
};

export const VERB_NAMES = Object.keys(VERBS);

/** The verbs that take this option. */
export const takers = option => VERB_NAMES.filter(verb => VERBS[verb].options.includes(option));

/** The verb that goes by another name elsewhere. */
export const meant = word => VERB_NAMES.find(verb => VERBS[verb].also?.includes(word));
