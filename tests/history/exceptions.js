// Stories of exceptions: a freeze, and one who may pass it, or may not.
import {HOUR, MINUTE, iso, stamp} from './times.js';
import {idOf} from './stage.js';

export const EXCEPTIONS = [[5, used], [2, unused], [2, lapsed], [2, revoked], [1, cut], [2, halfUsed], [2, overused], [1, passedUnclaimed], [1, ofOneself], [1, ownFreeze], [1, twoFreezes]];

/** One that waits for an approval, or has it and is not used yet. */
export function waits(stage, freeze, at, until, person) {
  const exception = asks(stage, [freeze], at, until, {person, change: stage.change()});
  if (stage.chance.is(0.5)) approves(stage, exception, at + 60, stage.another(person));
}

/** `except`, by the real core. */
function asks(stage, freezes, at, until, {uses = 1, approvals = 1, person, change}) {
  const match = {commit: [change.commit.slice(0, 12)], ...(stage.chance.is(0.3) && {kind: [change.kind]})};
  const reason = stage.reason();
  const ids = freezes.map(({id}) => id).sort();
  stage.run(at, person.account, {type: 'except', reason, by: person.by, until: iso(until), change: match, uses, approvals, freezes: ids});
  return stage.truth.exception({
    id: `exception-${stamp(at)}-${idOf(until, person.by)}`, begun: at, asked: at, from: at, until, by: person.by, account: person.account,
    reason: reason.startsWith('-') ? ` ${reason}` : reason, match, uses, needed: approvals, freezes: ids, windows: [],
  });
}

function approves(stage, exception, at, person) {
  const reason = stage.chance.is(0.3) ? 'looks good' : null;
  stage.run(at, person.account, {type: 'approve', exception: exception.id, by: person.by, ...(reason && {reason})});
  exception.approvals.push({at, by: person.by, account: person.account, reason, counts: true});
}

/** A gate claims, waits two seconds, and passes. */
function passes(stage, exception, freezes, at, change, run) {
  const account = 'ci-bot';
  stage.run(at, account, {type: 'assert', change, run, claim: true});
  exception.claims.push({at, run, change, account, counts: true});
  exception.passes.push({at: at + 2, run});
  for (const freeze of freezes) freeze.passed.push({at: at + 2, run, change, exception: exception.id, account});
  stage.truth.passes ??= [];
  stage.truth.passes.push({at: at + 2, until: exception.until, change, exception: exception.id, run, freezes});
}

/** Steve's freeze, maya's exception. */
function scene(stage, at, {uses, approvals} = {}) {
  const holder = stage.person();
  const freeze = stage.freezes(at, holder);
  const person = stage.another(holder);
  const asked = at + stage.chance.between(10 * MINUTE, 2 * HOUR);
  const until = asked + stage.chance.between(4 * HOUR, 24 * HOUR);
  const change = stage.change();
  const exception = asks(stage, [freeze], asked, until, {uses, approvals, person, change});
  const end = () => {
    const last = until + stage.chance.between(1, 3 * HOUR);
    stage.lifts(freeze, last, holder, {named: false});
    return last;
  };
  return {holder, freeze, person, asked, until, change, exception, end};
}

function used(stage, at) {
  const {freeze, person, asked, change, exception, end} = scene(stage, at);
  stage.refuses([freeze], asked + 30);
  approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  passes(stage, exception, [freeze], asked + 20 * MINUTE, change, stage.runName());
  return end();
}

function unused(stage, at) {
  const {person, asked, exception, end} = scene(stage, at, {approvals: 2});
  const first = stage.another(person);
  let second;
  do second = stage.another(person); while (second.by === first.by);
  approves(stage, exception, asked + 10 * MINUTE, first);
  approves(stage, exception, asked + 20 * MINUTE, second);
  return end();
}

function lapsed(stage, at) {
  const {person, asked, exception, end} = scene(stage, at, {approvals: 2});
  if (stage.chance.is(0.5)) approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  return end();
}

function revoked(stage, at) {
  const {person, asked, exception, end} = scene(stage, at);
  if (stage.chance.is(0.5)) approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  const other = stage.another(person);
  stage.run(asked + 30 * MINUTE, other.account, {type: 'revoke', exception: exception.id, by: other.by, reason: 'not needed'});
  exception.revoked = {at: asked + 30 * MINUTE, by: other.by, account: other.account, reason: 'not needed'};
  return end();
}

// Its trail, and no request.
function cut(stage, at) {
  const holder = stage.person();
  const freeze = stage.freezes(at, holder);
  const [asked, until] = [at + HOUR, at + 5 * HOUR];
  const id = `exception-${stamp(asked)}-${stamp(until)}~maya`;
  stage.step(asked, 'alice', async world => {
    await world.flow(stage.exceptions);
    await world.trail(stage.exceptions, id);
  });
  stage.truth.exception({id, begun: asked, asked: null, from: asked, until, by: 'maya'});
  const last = at + 6 * HOUR;
  stage.lifts(freeze, last, holder, {named: false});
  return last;
}

// One of two uses.
function halfUsed(stage, at) {
  const {freeze, person, asked, change, exception, end} = scene(stage, at, {uses: 2});
  approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  passes(stage, exception, [freeze], asked + 20 * MINUTE, change, stage.runName());
  return end();
}

// Somebody writes a claim and a pass past the core, after its one use.
function overused(stage, at) {
  const {freeze, person, asked, change, exception, end} = scene(stage, at);
  approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  passes(stage, exception, [freeze], asked + 20 * MINUTE, change, stage.runName());
  const again = asked + 40 * MINUTE;
  const run = 'by hand:1';
  const query = new URLSearchParams(Object.entries(change).sort()).toString();
  stage.step(again, 'alice', async world => {
    await world.attest(stage.exceptions, exception.id, 'nodeploy-claimed', {annotations: {run, change: query}});
    await world.attest(stage.flow, freeze.id, 'nodeploy-passed', {annotations: {run, change: query, exception: exception.id}});
  });
  exception.claims.push({at: again, run, change, account: 'alice', counts: false});
  exception.passes.push({at: again, run, isMore: true});
  freeze.passed.push({at: again, run, change, exception: exception.id, account: 'alice'});
  return end();
}

// A pass that nobody has claimed.
function passedUnclaimed(stage, at) {
  const {freeze, person, asked, change, exception, end} = scene(stage, at);
  approves(stage, exception, asked + 10 * MINUTE, stage.another(person));
  const run = 'by hand:2';
  const query = new URLSearchParams(Object.entries(change).sort()).toString();
  stage.step(asked + HOUR, 'alice', world => world.attest(stage.flow, freeze.id, 'nodeploy-passed', {annotations: {run, change: query, exception: exception.id}}));
  exception.passes.push({at: asked + HOUR, run, isMore: true});
  freeze.passed.push({at: asked + HOUR, run, change, exception: exception.id, account: 'alice'});
  return end();
}

// Who asks approves in other letters, and one approves twice: none of that counts.
function ofOneself(stage, at) {
  const holder = {by: 'noah', account: 'alice'};
  const person = {by: 'Zoë K.', account: 'ci-bot'};
  const freeze = stage.freezes(at, holder);
  const [asked, until] = [at + HOUR, at + 9 * HOUR];
  const exception = asks(stage, [freeze], asked, until, {approvals: 2, person, change: stage.change()});
  const approval = (when, by, counts) => {
    stage.step(when, 'alice', async world => {
      const [request] = await world.get(`attestations/${world.org}/${stage.exceptions}/trail/${exception.id}/nodeploy-exception`);
      await world.attest(stage.exceptions, exception.id, 'nodeploy-approved', {annotations: {by, of: request.attestation_id}});
    });
    exception.approvals.push({at: when, by, account: 'alice', counts});
  };
  approval(asked + 60, 'zoe k', false);
  approval(asked + 120, 'noah', true);
  approval(asked + 180, 'NOAH', false);
  const last = until + HOUR;
  stage.lifts(freeze, last, holder, {named: false});
  return last;
}

// Nobody else's leave is needed for one's own freeze.
function ownFreeze(stage, at) {
  const holder = stage.person();
  const freeze = stage.freezes(at, holder);
  const change = stage.change();
  const [asked, until] = [at + HOUR, at + 9 * HOUR];
  const exception = asks(stage, [freeze], asked, until, {approvals: 0, person: holder, change});
  passes(stage, exception, [freeze], asked + 10 * MINUTE, change, stage.runName());
  const last = asked + 3 * HOUR;
  stage.lifts(freeze, last, holder, {named: false});
  return until;
}

// All that closes must consent: the pass is on the record of both.
function twoFreezes(stage, at) {
  const holder = stage.person();
  const other = stage.another(holder);
  const freezes = [stage.freezes(at, holder), stage.freezes(at + 60, other)];
  let person;
  do person = stage.another(holder); while (person.by === other.by);
  const change = stage.change();
  const [asked, until] = [at + HOUR, at + 9 * HOUR];
  const exception = asks(stage, freezes, asked, until, {person, change});
  approves(stage, exception, asked + 60, stage.another(person));
  passes(stage, exception, freezes, asked + 10 * MINUTE, change, stage.runName());
  const last = until + HOUR;
  stage.lifts(freezes[0], last, holder, {named: false});
  stage.lifts(freezes[1], last + 60, other, {named: false});
  return last + 60;
}
