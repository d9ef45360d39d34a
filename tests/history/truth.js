// What is true of one environment, noted down by whoever made it so; and how a report would have to tell it.
//
// Nothing here reads Kosli. A story says what it does when it does it; this only brings that into the report's words.
import {iso, unionOf} from './times.js';

export class Truth {
  freezes = [];
  exceptions = [];
  deployments = [];
  reporter = {heard: [], isByFiles: false}; // when it reported
  goneFrom = Infinity; // archived
  isLogical = false;

  freeze(freeze) {
    const made = {window: null, ons: [], offs: [], refused: [], passed: [], notes: [], ...freeze};
    this.freezes.push(made);
    return made;
  }

  exception(exception) {
    const made = {approvals: [], claims: [], revoked: null, passes: [], ...exception};
    this.exceptions.push(made);
    return made;
  }

  /** The report of the half-open period, asked for at `now`; `delay` is what the report was asked with. */
  report({from, to, now, delay = 600}) {
    const told = this.freezes.filter(freeze => freeze.begun <= now).map(freeze => tellFreeze(freeze, {from, to, now})).filter(Boolean);
    const exceptions = this.exceptions.filter(exception => exception.begun <= now && exception.from < to && exception.until > from)
      .map(exception => tellException(exception, now));
    const asksDeployments = !this.isLogical;
    const deployments = asksDeployments && now < this.goneFrom ? this.deployments.map(one => tellDeployment(one, told, {from, to, now, delay})).filter(Boolean) : [];
    const freezes = told.map(({shown}) => shown);
    return {freezes, exceptions, deployments, unreadable: [], totals: this.#totals(told, exceptions, deployments, {from, to, now, delay, asksDeployments})};
  }

  #totals(told, exceptions, deployments, {from, now, delay, asksDeployments}) {
    const held = told.filter(one => one.held).map(({held, shown}) => ({...held, id: shown.id, isWindow: shown.window !== null}));
    const sum = some => unionOf(held.filter(some));
    const longest = [...held].sort((a, b) => (b.to - b.from) - (a.to - a.from) || (a.id < b.id ? -1 : 1))[0];
    const count = (list, key, value) => list.filter(one => one[key] === value).length;
    const freezes = told.map(({shown}) => shown);
    return {
      freezes: freezes.length,
      windows: freezes.filter(({window}) => window !== null).length,
      seconds: sum(() => true),
      seconds_by_people: sum(({isWindow}) => !isWindow),
      seconds_by_windows: sum(({isWindow}) => isWindow),
      longest: longest ? {id: longest.id, seconds: longest.to - longest.from} : null,
      open: count(freezes, 'state', 'open'),
      overdue: count(freezes, 'state', 'overdue'),
      refused: freezes.reduce((all, {refused}) => all + refused.length, 0),
      passed: freezes.reduce((all, {passed}) => all + passed.length, 0),
      exceptions: exceptions.length,
      overused: exceptions.filter(({notes}) => notes.includes('overused')).length,
      deployments: asksDeployments
        ? Object.fromEntries(['unexplained', 'excepted', 'uncertain', 'before'].map(label => [label, count(deployments, 'label', label)]))
        : null,
      unknown_after: asksDeployments ? this.#unknownAfter(held, {from, now, delay}) : null,
      unreadable: 0,
    };
  }

  // From when on nobody knows what ran, if that is before the end of what was closed.
  #unknownAfter(held, {from, now, delay}) {
    if (held.length === 0) return null;
    const heard = now >= this.goneFrom ? undefined : this.reporter.heard.filter(at => at <= now).at(-1);
    if (heard === undefined) return iso(from);
    const end = Math.max(...held.map(({to}) => to));
    return heard + delay < end ? iso(Math.max(heard, from)) : null;
  }
}

const upTo = (now, list) => list.filter(({at}) => at <= now);

/** The freeze as of `now`, and when it held within the period; nothing if it did not touch it. */
function tellFreeze(freeze, {from, to, now}) {
  const ons = upTo(now, freeze.ons);
  const offs = upTo(now, freeze.offs);
  const [end] = offs;
  const words = ons.filter(({isMended}) => !isMended).at(-1) ?? ons.at(-1);
  const until = words?.until ?? null;
  // The gate was closed from the alarm to whatever came first: an end on record, or the end that was planned.
  const opened = Math.min(end?.at ?? Infinity, until ?? Infinity);
  const isBegun = ons.length === 0 && !end;
  if (freeze.since >= to || (end && end.at < from)) return undefined;
  const closed = {from: Math.max(freeze.since, from), to: Math.min(opened, to, now)};
  const held = !isBegun && closed.from < closed.to ? closed : null;
  const state = end ? 'ended' : isBegun ? 'begun' : until !== null && until <= now ? 'overdue' : 'open';
  const notes = freeze.notes.filter(note => typeof note === 'string').concat(freeze.notes.filter(note => note.at <= now).map(({code}) => code));
  const shown = {
    id: freeze.id,
    window: freeze.window,
    since: iso(freeze.since),
    by: words ? words.by : freeze.by,
    reported_by: words && !words.isMended ? words.account : null,
    reason: words?.reason ?? null,
    until: until === null ? null : iso(until),
    state,
    ended: end ? {at: iso(end.at), by: end.by, reported_by: end.account, reason: end.reason, how: end.how} : null,
    held: held && {from: iso(held.from), to: iso(held.to), seconds: held.to - held.from},
    said: ons.slice(1).map(on => ({at: iso(on.at), by: on.by, reported_by: on.account, reason: on.reason, until: on.until === null ? null : iso(on.until), what: on.what})),
    refused: upTo(now, freeze.refused).map(({at, run, change, reason, account}) => ({at: iso(at), run, change, reason, reported_by: account})),
    passed: upTo(now, freeze.passed).map(({at, run, change, exception, account}) => ({at: iso(at), run, change, exception, reported_by: account})),
    notes: [...notes, ...(offs.length > 1 ? ['ended_twice'] : []), ...(end && ons.length === 0 ? ['not_begun'] : [])].sort(),
    url: null, // a local Kosli has no https
  };
  return {shown, held, real: isBegun ? null : {from: freeze.since, to: opened}};
}

function tellException(exception, now) {
  const {approvals, claims, passes, revoked, needed, uses} = exception;
  const approved = upTo(now, approvals);
  const claimed = upTo(now, claims);
  const isRevoked = revoked !== null && revoked.at <= now;
  const isOver = exception.until <= now;
  const isApproved = approved.filter(({counts}) => counts).length >= needed;
  const used = new Set(claimed.filter(({counts}) => counts).map(({run}) => run)).size;
  const isCut = exception.asked === null;
  const state = isCut ? 'cut' : isRevoked ? 'revoked' : used >= uses ? 'used'
    : isOver ? (isApproved ? 'expired' : 'lapsed') : isApproved ? 'approved' : 'pending';
  const notes = [];
  if (upTo(now, passes).some(({isMore}) => isMore)) notes.push('overused');
  if (!isCut && claimed.length === 0 && (isOver || isRevoked)) notes.push('unused');
  return {
    id: exception.id,
    asked_at: isCut ? null : iso(exception.asked),
    from: iso(exception.from),
    until: iso(exception.until),
    by: exception.by,
    reported_by: isCut ? null : exception.account,
    reason: isCut ? null : exception.reason,
    change: isCut ? null : exception.match,
    freezes: isCut ? [] : exception.freezes,
    windows: isCut ? [] : exception.windows,
    approvals: approved.map(({at, by, account, reason = null, counts}) => ({at: iso(at), by, reported_by: account, reason, counts})),
    needed: isCut ? null : needed,
    revoked: isRevoked ? {at: iso(revoked.at), by: revoked.by, reported_by: revoked.account, reason: revoked.reason} : null,
    uses: isCut ? null : uses,
    claims: claimed.map(({at, run, change, account, counts}) => ({at: iso(at), run, change, reported_by: account, counts})),
    state,
    notes,
    url: null,
  };
}

/** What became of a deployment, by when it really began and what really was closed then; nothing if that was open. */
function tellDeployment(deployment, told, {from, to, now, delay}) {
  const {began, seen, isTimeKnown, pass} = deployment;
  if (seen > now || seen < from || seen >= to) return undefined;
  const closed = told.filter(({real}) => real && real.from < real.to).map(({real, shown}) => ({...real, id: shown.id}));
  const at = instant => closed.filter(one => one.from <= instant && instant < one.to);
  let label, ids;
  if (isTimeKnown) {
    [label, ids] = at(began).length > 0 ? ['unexplained', at(began)] : ['before', at(seen)];
  } else {
    // It began within the delay before it was seen, and nothing says when.
    const near = closed.filter(one => one.from <= seen && seen - delay < one.to);
    const isAll = Array.from({length: delay + 1}, (_, second) => seen - second).every(second => near.some(one => one.from <= second && second < one.to));
    [label, ids] = [isAll ? 'unexplained' : 'uncertain', near];
  }
  if (ids.length === 0) return undefined;
  if (pass && label === 'unexplained') label = 'excepted';
  return {
    at: iso(seen),
    started_at: isTimeKnown ? iso(began) : null,
    artifact: deployment.artifact,
    fingerprint: deployment.fingerprint,
    flow: deployment.flow,
    trail: deployment.trail,
    commit: deployment.commit,
    author: deployment.author,
    snapshot: deployment.snapshot,
    compliant: deployment.compliant,
    label,
    freezes: ids.map(({id}) => id).sort(),
    exception: label === 'excepted' ? pass.exception : null,
    run: label === 'excepted' ? pass.run : null,
    why: label === 'uncertain', // in words that are not held against anything
    url: null,
  };
}
