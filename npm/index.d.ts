/**
 * What is still to be looked at before `plan` can decide; empty: nothing. Pure and synchronous.
 * A call that came in as JSON text or bytes goes in as it came: parsing drops the first of two equal keys.
 * What JSON would leave out (a key that is `undefined`, a Promise, a `Map`) makes the call unreadable: `bad_call`.
 */
export function observe(call: Call | string | Uint8Array): Read[];

/** Decide what `action` asks of `environment`. Pure and synchronous; anything but `proceed` must stop the pipeline. */
export function plan(call: Call | string | Uint8Array): Answer;

/** The version of the core, and of this package. */
export const version: string;

/**
 * Carry `call.action` out: look, decide, write, look again, until Kosli shows it done.
 * Never rejects for what Kosli or the network do: those are decisions (`error`). Only `proceed` may let a pipeline pass.
 */
export function run(call: RunCall, options: RunOptions): Promise<Outcome>;
/** Only the windows: without an environment nothing is read, and there is no `kosli` to talk to. */
export function run(call: RunCall & {action: WindowsAction; environment?: null}, options?: Partial<RunOptions>): Promise<Outcome>;

/**
 * The same for many environments side by side: names and globs, `!` before one leaves out, of a logical one every member.
 * All alarms are up before any record begins; what goes wrong with one leaves the others, and the worst decides.
 * An `assert` with `claim` looks at all without it first, and claims an exception only where all would pass.
 */
export function runMany(call: ManyCall, options: ManyOptions): Promise<ManyOutcome>;

/**
 * What happened in each of many environments: what was closed, who was let through, what was deployed meanwhile. One item for each, in the order in which they are done
 * with, so that few are kept at a time; `break` stops the rest. Nothing is written, and a Reader's token will do.
 *
 * What goes wrong with one is in its `error`, with all that was read before, and leaves the others. The iteration throws (an `Error` with `reason` and `advice`) where it is not
 * even known whom to ask: an empty report would say that nothing happened.
 */
export function report(options: ReportOptions): AsyncGenerator<EnvironmentReport, void, undefined>;

/** What `nodeploy report --json` prints: those items, in whatever order, sorted by name, and their sums. */
export function joinReports(reports: Iterable<EnvironmentReport>, about?: {now?: string | null; org?: string | null}): ReportDocument;

/**
 * An `assert` that waits, `wait` milliseconds at most, for an environment that is closed. The outcome of its last look.
 * Looks again at least once a minute. Gives up at once if the environment is known to open too late, or if the first look fails;
 * a later look that fails is made again.
 */
export function waitUntilOpen(call: RunCall & {action: {type: 'assert'; at?: null}}, options: WaitOptions): Promise<Outcome & {deadline: string}>;

/**
 * The policy of a file (`nodeploy.yaml`, `nodeploy.json`), for a call. The calendars that it names are read, too.
 * Rejects with an `Error` that begins with the place, `nodeploy.yaml:7:12: …`; its `advice` says what to do.
 */
export function readPolicy(path: string): Promise<Policy>;

/** Kosli over its HTTP API. */
export function kosliHttp(options: KosliHttpOptions): Kosli;

/** Kosli through the kosli CLI, run as a child process. */
export function kosliCli(options: KosliCliOptions): Kosli;

/** Unknown keys are errors. */
export type Call = CallBase & (
  | {
    action: Action;
    /** Its name. (Or Kosli's document, parsed. What kosli has printed belongs in `observed.environment.stdout`, untouched.) */
    environment: string | EnvironmentDocument;
  }
  /** Of every window in the policy. */
  | {action: WindowsAction; environment?: null}
  | {action: SelectAction | OverviewAction | ReplayAction; environment?: null}
);

type CallBase = {
  /** The host's clock, RFC 3339. */
  now: string;
  /** Freeze windows; `readPolicy` reads them from a file. */
  policy?: Policy | null;
  /** Raw results, untouched, by the `as` of their read. */
  observed?: {[as: string]: RawResult};
  settings?: Settings;
  /** Of a logical environment: those of its members that the host asks as well. */
  members?: string[] | null;
  /** When many were asked, RFC 3339: the ids of new freezes and exceptions begin with it. */
  since?: string | null;
};

export type Action =
  /** `except`: the holder's own consent, which lets matching changes pass this freeze. */
  | {type: 'on'; reason: string; by?: string | null; until?: string | null; id?: string | null; except?: Match | null}
  | {type: 'off'; freezes?: string[] | 'all' | null; by?: string | null; reason?: string | null}
  /** `at`: decide for then, RFC 3339; not for the past. `needs`: it must stay open that long, ISO 8601. */
  | AssertAction
  | {type: 'status'; at?: string | null; change?: Facts | null; run?: string | null; awaiting?: boolean | null; claimed_at?: string | null}
  | WindowsAction
  | ReportAction
  | {type: 'sync'}
  /** Asks for an exception. Without `freezes` and `windows`: for all that closes now. `uses`: 1 to 1000, default 1. `approvals`: 0 to 20, default 1. */
  | {
    type: 'except'; reason: string; by?: string | null; until: string; change: Match; uses?: number | null; approvals?: number | null;
    freezes?: string[] | null; windows?: WindowName[] | null; id?: string | null;
  }
  /** `refused`: the core's own note, in `answer.action`, for the next round. */
  | {type: 'approve'; exception: string; by: string; reason?: string | null; refused?: number | null}
  /** For good. */
  | {type: 'revoke'; exception: string; by?: string | null; reason?: string | null}
  /** Puts a use on record, so that its gate can do with a token that only reads. */
  | {type: 'claim'; exception?: string | null; change: Facts; run: string; needs?: string | null; claimed_at?: string | null};

/** What the pipeline states of its change: `{commit: '4f1c…', actor: 'maya', kind: 'hotfix'}`. Keys `[a-z][a-z0-9_]{0,30}`; a blank value states nothing. */
export type Facts = {[key: string]: string | null};

/** What a change must be: every key is stated and fits one of its globs. 7 to 39 hex digits under `commit` are a prefix. */
export type Match = {[key: string]: string | string[]};

export type WindowName = {policy?: string | null; name: string};

export type AssertAction = {
  type: 'assert';
  at?: string | null;
  needs?: string | null;
  change?: Facts | null;
  /** Which attempt it is, the same when a job is run again. */
  run?: string | null;
  /** The use of an exception goes on record, if one lets this change through. */
  claim?: boolean | null;
  /** The core's own note, in `answer.action`, for the next round. */
  claimed_at?: string | null;
  /** A refusal goes on the record of each freeze that holds, once for each use. */
  record?: boolean | null;
  /** `FLOW/TRAIL`: the verdict goes on the deployment's own trail, and nobody passes before it is there. */
  attest?: string | null;
  /** The answer says what it was decided from. */
  evidence?: boolean | null;
  /** The core's own note, in `answer.action`, for the next round. */
  attested?: number | null;
};

/** Is this what was decided? `file`: the text of an evidence file. Nothing is read, and nothing written. */
export type ReplayAction = {type: 'replay'; file: string};

/**
 * Which environments are meant? Names and globs; `!` before one leaves out. Each must fit something in Kosli's list.
 * `past`: also those that have records and are in no list any more: archived, or renamed.
 */
export type SelectAction = {type: 'select'; environments: string[]; past?: boolean | null};

/** How do they all stand, as far as tags and policy tell? It decides about no gate. */
export type OverviewAction = {type: 'overview'; environments?: string[] | null; at?: string | null};

/**
 * `days` goes from 1 to 3660, default 90. `ics` asks for `calendar` in the answer. `frozen` asks Kosli for the freezes of people that hold: they are in `freezes`, and those with an
 * end in `calendar`.
 */
export type WindowsAction = {type: 'windows'; at?: string | null; days?: number | null; ics?: boolean | null; frozen?: boolean | null};

/**
 * What was closed from `from` until `to` (90 days until now), who passed, and what was deployed meanwhile: a page at a time, `answer.next.action` asks for the next.
 * `delay`: how long the reporter may take, ISO 8601. `resume`: the core's own note; pass it on untouched.
 */
export type ReportAction = {type: 'report'; from?: string | null; to?: string | null; delay?: string | null; deployments?: boolean | null; resume?: unknown};

/** As nodeploy.yaml has it, with a calendar's text where the file names a file. */
export type Policy = {
  /** Its name, `[A-Za-z0-9._-]{1,60}`, the same for good: tells its windows' freezes on record from those of other policies. */
  policy?: string | null;
  windows: Window[];
  /** Changes that pass freeze windows, standing. */
  exceptions?: PolicyException[] | null;
  /** What an exception on record needs. */
  approvals?: Approvals | null;
  /** The texts of iCalendar documents, by the names that windows have for them. */
  calendars?: {[name: string]: string};
  $schema?: string | null;
};

export type PolicyException = {
  name: string;
  environments: string[];
  types?: string[] | null;
  tags?: {[key: string]: string | string[]} | null;
  /** Globs over the names of this policy's windows. */
  windows: string[];
  change: Match;
  reason?: string | null;
};

export type Approvals = {
  /** 0 to 20. */
  needed: number;
  /** Globs over the accounts (Kosli's `reported_by`) that may approve. */
  accounts?: string[] | null;
  /** ISO 8601: how long an exception may last; `P7D` if not said. */
  longest?: string | null;
};

/** One of the time rules; all of its times are on the clocks of `timezone`. */
export type Window = (WindowScope & (OneOff | Weekly | Cron | Recurrence | Calendar)) | SuspendedWindow;

/** As if it were not there: nothing but its name is looked at. */
export type SuspendedWindow = {[Key in keyof WindowScope]?: unknown} & {name: string; suspended: true};

export type WindowScope = {
  name: string;
  /** `freeze`: closed while it is active. `allow`: closed while no such window of the environment is active. */
  effect: 'freeze' | 'allow';
  /** Globs with `*` and `?`; `!` before one excludes. */
  environments: string[];
  /** IANA's name, `Europe/London`; not `EST` or `MST`, which may be meant with summer time. */
  timezone: string;
  /** Kosli's types of environments: `K8S`, `ECS`, … */
  types?: string[] | null;
  /** Each of these tags has a value that matches its glob, or one of its globs. */
  tags?: {[key: string]: string | string[]} | null;
  reason?: string | null;
  /** Whom to ask: shown wherever the reason is. */
  contact?: string | null;
  /** As if the window were not there: nothing but its name is looked at. */
  suspended?: boolean | null;
};

/** `2026-12-24T18:00`, or a date: its first instant. */
export type OneOff = {from: string; to: string};
/** `days`: `mon`, `monday`, `mon-fri`. `from`, `to`: `16:00`; a `to` that is not later is the next day's. */
export type Weekly = {days: string[]; from: string; to: string};
/** Five fields. `duration`: ISO 8601, elapsed. */
export type Cron = {start: string} & ({end: string; duration?: null} | {duration: string; end?: null});
/** RFC 5545. */
export type Recurrence = {dtstart: string; rrule?: string | null; duration: string; exdates?: string[] | null; rdates?: string[] | null};
/** The text of an iCalendar document, or the name of one of `calendars`. */
export type Calendar = {calendar: string};

export type Settings = {
  /** With it, every read and command also carries `request`, for HTTP. */
  org?: string;
  /** The tag of the signal; default `nodeploy`. */
  tag?: string;
  /** Default: `{environment}-` and the tag, e.g. `{environment}-nodeploy`; must contain `{environment}`. */
  flow?: string;
};

/** As Kosli prints it; only `name` and `tags` matter. */
export type EnvironmentDocument = {name: string; tags: {[key: string]: unknown}; [key: string]: unknown};

/** What came back from the kosli CLI, from HTTP, or not at all. */
export type RawResult =
  | {exit_code: number; stdout: string; stderr: string}
  /** `date`: the header `Date`, as received; `now` is held against it. */
  | {status: number; body: string; date?: string | null}
  | {error: string};

export type Read = {
  as: string;
  /** For the kosli CLI; the first element is `kosli`. Never a shell string. */
  argv: string[];
  request?: {method: 'GET'; path: string};
};

export type Answer = {
  /** The only gate is `decision === 'proceed'`. */
  decision: Decision;
  reason: Reason;
  /** One printable line. */
  summary: string;
  /** What to do next; ends with the exact command. */
  advice: string | null;
  /** The command that `advice` ends with. `null`: it ends with none. */
  next: Next | null;
  /** Only with the reason `bad_policy`: where it is, the keys from the root, such as `['windows', 3, 'timezone']`. */
  place?: (string | number)[];
  /** As they stand once the commands have run. Texts are as Kosli has them: escape them before they reach a terminal. */
  freezes: Freeze[];
  /** Those that decide; for the action `windows` all that apply. Texts are as the policy has them: escape them before they reach a terminal. */
  windows: WindowState[];
  /** If it is closed: when it opens next (for as long as `needs` says), RFC 3339. `null`: unknown or never. */
  opens_at: string | null;
  /** If it is open: when it closes next, RFC 3339. `null`: unknown or never. */
  closes_at: string | null;
  /** Only with the action `windows`. */
  closures?: Closure[];
  /** iCalendar text, CRLF and all; only with `ics`. */
  calendar?: string;
  /** Only with the action `select`: by name. */
  selected?: Selected[];
  /** Only with the action `overview`: what matters first. */
  overview?: Standing[];
  /** Only with the action `report`: a page; `next` asks for the next one. */
  report?: History;
  /** Only with the reason `logical`: those to ask in its place, and with it. */
  members?: string[];
  /** Only of a logical environment's `sync`: what each member is asked after its own `sync`. */
  for_members?: Action[];
  /** Of `assert`, `status` and `sync`: the policy that was gone by. `null`: the call has none, or could not be carried out. */
  policy: AppliedPolicy | null;
  /** Those that were read: only where it is closed and a change was stated, or for `awaiting`. Texts are raw, as in `freezes`. */
  exceptions: Exception[];
  /** Seconds. A host that has run the commands (there may be none) waits that long and looks again; only without one it is done. */
  pause: number | null;
  warnings: Warning[];
  /** The action made explicit: for the next round. `null` when the call itself is at fault. */
  action: Action | SelectAction | OverviewAction | ReplayAction | null;
  /** To be run in order; stop at the first failure of one that is not `optional`. */
  commands: Command[];
  /** With `assert` that asks for it: the SHA-256 of all that this was decided from. */
  evidence?: string;
  /** With `replay`: where the answer is another one now, as paths into the file. */
  differs?: string[];
};

export type Decision = 'proceed' | 'refuse' | 'error';

export type Reason =
  // proceed
  | 'not_frozen' | 'windows_listed' | 'selected' | 'overview' | 'reported' | 'freezing' | 'already_frozen' | 'lifting' | 'already_lifted' | 'mending' | 'in_order' | 'replayed'
  | 'excepted' | 'asking' | 'already_asked' | 'approving' | 'already_approved' | 'revoking' | 'already_revoked' | 'claimed' | 'nothing_to_claim'
  // refuse
  | 'logical' | 'frozen' | 'freeze_window' | 'outside_allow_windows' | 'closes_too_soon' | 'attesting' | 'answer_differs' | 'file_changed' | 'taken' | 'lifted' | 'unknown_freeze' | 'none_of_yours'
  | 'nothing_to_except' | 'not_on_record' | 'restated' | 'unknown_window' | 'unknown_exception' | 'own_exception' | 'not_an_approver' | 'exception_ended' | 'would_be_excepted'
  // error
  | 'until_too_far'
  | 'bad_call' | 'bad_name' | 'bad_text' | 'bad_settings' | 'bad_policy' | 'no_reason' | 'until_passed' | 'at_passed' | 'wrong_clock' | 'not_observed' | 'bad_evidence' | 'nothing_selected' | 'unreadable_environments' | 'unknown_environment'
  | 'unreadable_environment' | 'unreadable_flow' | 'unreadable_events' | 'unreadable_trails' | 'unreadable_trail' | 'unreadable_attestation' | 'unknown_trail' | 'unreadable_verdict';

/** A page of what has happened in an environment; all pages, joined, are the whole. Times are RFC 3339 in whole seconds; texts are raw: escape them before they reach a terminal. */
export type History = {
  environment: string;
  from: string;
  to: string;
  freezes: PastFreeze[];
  exceptions: PastException[];
  deployments: PastDeployment[];
  unreadable: UnreadableFact[];
  totals: Totals | null;
};

/** A freeze that touched the period. */
export type PastFreeze = {
  id: string;
  window: WindowName | null;
  since: string | null;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  until: string | null;
  state: 'open' | 'overdue' | 'ended' | 'begun';
  ended: PastEnd | null;
  held: HeldTime | null;
  said: PastWords[];
  refused: PastRefusal[];
  passed: PastPass[];
  notes: string[];
  url: string | null;
};

/** How a freeze has ended. */
export type PastEnd = {
  at: string | null;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  how: 'lifted' | 'expired' | 'dropped' | 'unknown';
};

/** The part of the period in which it held. */
export type HeldTime = {
  from: string;
  to: string;
  seconds: number;
};

/** What was said of a freeze after its beginning. */
export type PastWords = {
  at: string;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  until: string | null;
  what: 'extended' | 'shortened' | 'restated' | 'repeated' | 'mended';
};

/** A refusal that a gate has put on record. */
export type PastRefusal = {
  at: string;
  run: string | null;
  change: Facts | null;
  reason: string | null;
  reported_by: string | null;
};

/** A use that was let through. */
export type PastPass = {
  at: string;
  run: string | null;
  change: Facts | null;
  exception: string | null;
  reported_by: string | null;
};

/** An exception that touched the period. */
export type PastException = {
  id: string;
  asked_at: string | null;
  from: string;
  until: string;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  change: Match | null;
  freezes: string[];
  windows: WindowName[];
  approvals: PastApproval[];
  needed: number | null;
  revoked: PastRevocation | null;
  uses: number | null;
  claims: PastClaim[];
  state: 'pending' | 'approved' | 'used' | 'revoked' | 'expired' | 'lapsed' | 'cut' | 'unreadable';
  notes: string[];
  url: string | null;
};

/** An approval. */
export type PastApproval = {
  at: string;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  counts: boolean;
};

/** The end of an exception before its time. */
export type PastRevocation = {
  at: string | null;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
};

/** A use that has claimed an exception. */
export type PastClaim = {
  at: string;
  run: string | null;
  change: Facts | null;
  reported_by: string | null;
  counts: boolean;
};

/** Something that was deployed while something was closed, or that could have been. */
export type PastDeployment = {
  at: string;
  started_at: string | null;
  artifact: string | null;
  fingerprint: string;
  flow: string | null;
  trail: string | null;
  commit: string | null;
  author: string | null;
  snapshot: number | null;
  compliant: boolean | null;
  label: 'unexplained' | 'excepted' | 'uncertain' | 'before';
  why: string | null;
  freezes: string[];
  exception: string | null;
  run: string | null;
  url: string | null;
};

/** Something that could not be read. */
export type UnreadableFact = {
  what: 'trail' | 'attestation' | 'exception' | 'event' | 'snapshot';
  name: string;
  detail: string;
};

/** A report in numbers; two freezes at once count once. */
export type Totals = {
  freezes: number;
  windows: number;
  seconds: number;
  seconds_by_people: number;
  seconds_by_windows: number;
  longest: Longest | null;
  open: number;
  overdue: number;
  refused: number;
  passed: number;
  exceptions: number;
  overused: number;
  deployments: DeploymentTotals | null;
  /** When the environment's reporter was last heard, if that was before the end of what closed. */
  unknown_after: string | null;
  unreadable: number;
};

/** The freeze that held longest. */
export type Longest = {
  id: string;
  seconds: number;
};

/** Deployments by their labels. */
export type DeploymentTotals = {
  unexplained: number;
  excepted: number;
  uncertain: number;
  before: number;
};

export type AppliedPolicy = {
  name: string | null;
  /** How many it has, and how many of them are for the environment; suspended ones are for none. */
  windows: number;
  for_environment: number;
};

export type Selected = {
  environment: string;
  /** `null`: a member that Kosli's list does not have. */
  type: string | null;
  /** The logical environments that are meant and made of it. */
  of: string[];
  /** Of a logical environment: those that it is made of. */
  members?: string[];
  /** With `past`: it has records, and is in no list any more. */
  past?: true;
};

/** How one environment stands. Texts are raw: escape them before they reach a terminal. */
export type Standing = {
  environment: string;
  type: string | null;
  of: string[];
  /** What a `status` of its document decides, and why. */
  decision: Decision;
  reason: Reason;
  /** Of the oldest freeze that holds, or of the window that closes it. `why` also tells what nobody could read. */
  by: string | null;
  why: string | null;
  since: string | null;
  until: string | null;
  /** How many hold. */
  freezes: number;
  /** Those that close it. */
  windows: string[];
  opens_at: string | null;
  closes_at: string | null;
};

export type Freeze = {
  id: string;
  since: string | null;
  by: string | null;
  /** Kosli's word for the account that put it on record, where that was read; many people may share one. */
  reported_by: string | null;
  reason: string | null;
  until: string | null;
  state: 'open' | 'ended' | 'expired';
  /** Which changes pass all the same, by its holder's own consent, where that was read. */
  except?: {[key: string]: string[]};
};

/** An exception on record, as the asked change sees it. */
export type Exception = {
  id: string;
  since: string;
  by: string | null;
  reported_by: string | null;
  reason: string | null;
  until: string;
  uses: number | null;
  /** `null`: that could not be read, and takes a use all the same. */
  used_by: {run: string | null; change: {[key: string]: string} | null}[];
  /** Those that count. */
  approvals: {by: string | null; reported_by: string | null}[];
  needed: number | null;
  change: {[key: string]: string[]} | null;
  freezes: string[];
  windows: {policy: string | null; name: string}[];
  state: 'live' | 'awaiting' | 'usable' | 'claiming' | 'passed' | 'used_up' | 'revoked' | 'expired' | 'unreadable';
  /** Why it does not let this change through. `null`: it does, or nothing was asked. */
  why: 'other_change' | 'not_approved' | 'used_up' | 'expired' | 'revoked' | 'does_not_cover' | 'restated' | 'not_on_record' | 'no_run' | 'exception_unclaimed' | 'ends_too_soon' | 'too_long' | 'unreadable' | null;
};

export type WindowState = {
  name: string;
  effect: 'freeze' | 'allow';
  active: boolean;
  reason: string | null;
  contact: string | null;
  /** Of the active occurrence, else of the next one; RFC 3339, `null`: there is none. */
  starts_at: string | null;
  /** `null`, too, if no end was found. */
  ends_at: string | null;
  timezone: string;
  /** In English words. */
  rule: string;
  /** What its calendar calls the events of that time, ten at most; left out where it says nothing, or they are private. */
  events?: string[];
};

/** A time in which something is closed; without a `name`, by being outside all allow windows. */
export type Closure = {
  name: string | null;
  effect: 'freeze' | 'allow';
  reason: string | null;
  contact: string | null;
  starts_at: string;
  ends_at: string | null;
  /** With the offset of `timezone` at that moment. */
  starts_local: string;
  ends_local: string | null;
  timezone: string;
};

export type Warning = {
  /** The core's; or `not_written`, which `run` adds to its last answer: a write that was optional failed, and the refusal stands. */
  code: WarningCode | 'not_written';
  /** One printable line. */
  text: string;
  /** The command that the text ends with. */
  next?: Next;
  /** Where in the policy: its keys from the root. */
  place?: (string | number)[];
};

export type WarningCode =
  | 'flag_lost' | 'flag_left' | 'expired' | 'half_begun' | 'no_id' | 'signal_down' | 'signal_up' | 'unreadable_record' | 'unreadable_trails' | 'wrong_clock'
  | 'outlasts_window' | 'idle_exception' | 'many_exceptions' | 'unreadable_exceptions' | 'not_recorded' | 'window_not_on_record' | 'not_attested' | 'environment_gone' | 'member_open' | 'unlisted_member' | 'calendar_quirk' | 'dtstart_off_rule' | 'date_end' | 'allow_overlap' | 'last_minute' | 'idle_date'
  | 'repeat_hour' | 'gap_hour' | 'never_active' | 'always_active' | 'expired_window' | 'suspended_window' | 'overlap' | 'none_for_environment' | 'case_differs' | 'fits_none'
  | 'closures_cut' | 'needs_environment' | 'unnamed_policy';

/** The command that a text ends with, as data. */
export type Next = {
  /** Of which environment, of many their names or globs with commas; left out if it is the call's. */
  environment?: string;
  action: Action | SelectAction | OverviewAction;
  /** Options of the command line that are no part of the action, by their names without `--`: `{wait: '31m'}`. */
  options: Record<string, string>;
};

export type Command = CreateFlow | BeginTrail | Attest | TagEnvironment;

export type CreateFlow = {type: 'create_flow'; flow: string; description: string} & Sendable;
export type BeginTrail = {type: 'begin_trail'; flow: string; trail: string} & Sendable;
export type Attest = {
  type: 'attest';
  flow: string;
  trail: string;
  name: string;
  description?: string;
  annotations: {[key: string]: string};
  /** Of a verdict: it lets pass. */
  compliant?: boolean;
} & Sendable;
export type TagEnvironment = {type: 'tag_environment'; environment: string; set: {[key: string]: string}; unset: string[]} & Sendable;

type Sendable = {
  /** Nothing hangs on it: where it fails, the decision stands. */
  optional?: true;
  /** For the kosli CLI; the first element is `kosli`. Never a shell string. */
  argv: string[];
  /** For HTTP; only with `settings.org`. */
  request?: WriteRequest;
};

export type WriteRequest = {
  method: 'PUT' | 'PATCH' | 'POST';
  path: string;
} & ({json: unknown; form?: undefined} | {form: FormField[]; json?: undefined});

export type FormField = {name: string; filename?: string; value: string};

export type ReportOptions = {
  kosli: Kosli;
  /** Names and globs, `!` before one leaves out; of a logical one every member. Default: all that Kosli lists. What is archived is in no list, and has a name all the same. */
  environments?: string[];
  /** A `Date`, or RFC 3339. Default: 90 days before `to`. At most 3660 days. */
  from?: Date | string;
  /** No part of the period. Default, and at most: now. */
  to?: Date | string;
  /** How long the environments' reporters may take from a start to its report, ISO 8601; default `PT10M`, at most 7 days. */
  delay?: string;
  /** `false`: only records are asked for. */
  deployments?: boolean;
  settings?: Settings;
  /** How many reads are under way at once; default 8. */
  concurrency?: number;
  /** Those that are not done with have the error `aborted`. */
  signal?: Signal;
  /** Milliseconds that the reads of one page may take; default 60 000. */
  timeout?: number;
  onEvent?: (event: ReportEvent) => void;
  clock?: () => Date;
};

export type ReportEvent =
  | ({environment?: string} & RunEvent)
  | {type: 'selected'; selected: {environment: string}[]}
  /**
   * One is done with: so many of all. `isTold` is false of an environment that is archived or renamed and has nothing on record within the
   * period; where all are such, they are told at the end.
   */
  | {type: 'reported'; environment: string; isTold: boolean; error: ReportError | null; ended: number; of: number};

/** Texts are raw: escape them before they reach a terminal, a page or a spreadsheet. */
export type EnvironmentReport = Omit<History, 'from' | 'to'> & {
  /** `null`: its first page could not be read. */
  from: string | null;
  to: string | null;
  warnings: Warning[];
  /** Why it is not complete; `totals` is `null` then. `unreadable` lists single facts that could not be read: those do not stop the rest. */
  error: ReportError | null;
};

export type ReportError = {reason: Reason | 'aborted'; summary: string; advice: string | null};

export type ReportDocument = {
  from: string | null;
  to: string | null;
  now: string | null;
  org: string | null;
  environments: EnvironmentReport[];
  totals: Omit<Totals, 'unknown_after' | 'longest'> & {
    environments: number;
    /** How many of them could not be read to the end: they are in no sum. */
    failed: number;
    longest: {environment: string; id: string; seconds: number} | null;
  };
};

/** What does the talking. `kosliHttp` and `kosliCli` make one; any object with these will do. */
export type Kosli = {
  /** Becomes `settings.org`. */
  org?: string;
  /** Runs one read or command. Resolves to what came back; a host that failed resolves to `{error}`. */
  send(item: Read | Command, options: {signal?: Signal; onEvent?: (event: Event) => void}): Promise<SendResult>;
  /** Frees connections and child processes. */
  close?(): Promise<void>;
};

/** `uncertain`: a write that may have been applied; `run` looks before it repeats. */
export type SendResult = RawResult & {uncertain?: boolean};

export type RunCall = {settings?: Settings; policy?: Policy | null} & (
  | {action: Action; environment: string}
  | {action: WindowsAction; environment?: null}
);

export type RunOptions = {
  kosli: Kosli;
  /** Stops between two commands; reads under way are abandoned. */
  signal?: Signal;
  /** Milliseconds that one look may take; default 60 000. No write is ever interrupted. */
  timeout?: number;
  onEvent?: (event: Event) => void;
  clock?: () => Date;
  sleep?: Sleep;
};

export type ManyCall = {settings?: Settings; policy?: Policy | null; action: Action};

export type ManyOptions = RunOptions & {
  environments: string[];
  /** How many are asked at once; default 8. */
  concurrency?: number;
  /** Asked before anything is done for those that are meant; `false` ends it there. */
  confirm?: (selected: Selected[]) => boolean | Promise<boolean>;
};

/** The worst of all: `error` before `refuse` before `proceed`. */
export type ManyOutcome = {
  decision: Decision;
  reason: Outcome['reason'];
  summary: string;
  advice: string | null;
  next: Next | null;
  selected: Selected[];
  /** By name. None if it is not even known whom to ask. */
  outcomes: ({environment: string} & Outcome)[];
  warnings: Warning[];
};

export type WaitOptions = RunOptions & {
  /** Milliseconds. */
  wait: number;
  /** For the spread of the looks; default `Math.random`. */
  random?: () => number;
};

export type Outcome = {
  /** The last look's. */
  decision: Decision;
  /** The core's, or of a failure on the way. (The command line's `--json` also knows `usage` and `internal`.) */
  reason: Reason | 'command_failed' | 'not_settled' | 'aborted';
  /** One printable line: the first look's where both proceed (what was asked for), else the last look's. */
  summary: string;
  advice: string | null;
  /** The command that `advice` ends with. */
  next: Next | null;
  /** The first look's answer: what was asked for. `null`: it was stopped before. */
  answer: Answer | null;
  /** The last look's answer: what is so now. */
  last: Answer | null;
  /** The commands that succeeded, in order. */
  done: Command[];
  rounds: number;
};

/** Of `runMany` with `environment`, except for what is about the list. */
export type Event = ({environment?: string} & RunEvent) | ManyEvent;

export type ManyEvent =
  | {type: 'selected'; selected: Selected[]}
  /** One is done with: so many of all. */
  | {type: 'subject'; environment: string; outcome: Outcome; ended: number; of: number};

export type RunEvent =
  | {type: 'round'; round: number; action: Action}
  | {type: 'read'; read: Read}
  /** One look is over: `answer` is what `plan` says to `call`. The two are a round of an evidence file. */
  | {type: 'decided'; call: Call; answer: Answer}
  /** `action` is what is being carried out: the same intent, now naming its freezes. */
  | {type: 'command'; command: Command; action: Action}
  /** `attempt` (2 is the first repeat) comes after `wait` milliseconds. */
  | {type: 'retry'; item: Read | Command; attempt: number; wait: number; because: string}
  | {type: 'result'; item: Read | Command; result: SendResult}
  /** It is closed, by `last`; the next look comes after `wait` milliseconds. `failed`: why the last look told nothing. */
  | {type: 'waiting'; environment: string; wait: number; deadline: string; last: Answer; failed: string | null};

/** The part of an `AbortSignal` that is used. */
export type Signal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

export type Sleep = (milliseconds: number, signal?: Signal) => Promise<void>;

type Account = {
  org: string;
  token: string;
  /** Default `https://app.kosli.com`; plain http only to this machine. */
  host?: string;
  /** Where proxies (and for the CLI its environment) come from; default `process.env`. */
  env?: {[name: string]: string | undefined};
  /** Repeats of a failed request; default 3, after 1, 2, 4 s. A POST that may have been applied is never repeated. */
  retries?: number;
  /** The largest answer, in bytes; default 64 MB. */
  maxBytes?: number;
};

export type KosliHttpOptions = Account & {
  /** A proxy's address, or `false` for none; default: `KOSLI_HTTP_PROXY`, or `HTTPS_PROXY` and `NO_PROXY`, of `env`. */
  proxy?: string | false;
  /** Milliseconds: to connect (10 000), without a byte (30 000), for everything with its repeats (120 000). */
  timeouts?: {connect?: number; idle?: number; total?: number};
  sleep?: Sleep;
};

export type KosliCliOptions = Account & {
  /** Default `kosli`, found on PATH. */
  program?: string;
  /** Milliseconds for one run of the program; default 120 000. */
  timeout?: number;
};
