// Reads a report to its end, as a host does; and counts what that costs.
import {observe, plan} from '../../npm/index.js';
import {iso} from './times.js';

/** `{report, warnings, reads, calls, largest}`: the joined report, the names of all reads, and the largest call's bytes. */
export async function reportOf(kosli, environment, {from, to, now, members, ...more}, door = {observe, plan}) {
  const joined = {freezes: [], exceptions: [], deployments: [], unreadable: [], totals: null};
  const told = {report: joined, warnings: [], reads: [], calls: 0, largest: 0, slowest: 0};
  let action = {type: 'report', from: iso(from), to: iso(to), ...more};
  while (action) {
    const call = {action, now: iso(now), environment, settings: {org: kosli.org}, observed: {}, ...(members && {members})};
    for (let reads; (reads = door.observe(call)).length > 0;) {
      for (const read of reads) {
        told.reads.push(read.as);
        const {status, body, error} = await kosli.send(read);
        call.observed[read.as] = error ? {error} : {status, body};
      }
    }
    const begun = performance.now();
    const answer = door.plan(call);
    told.slowest = Math.max(told.slowest, performance.now() - begun);
    told.calls++;
    told.largest = Math.max(told.largest, Buffer.byteLength(JSON.stringify(call)));
    if (answer.decision !== 'proceed') throw new Error(`${environment}: ${answer.reason}: ${answer.summary}`);
    for (const list of ['freezes', 'exceptions', 'deployments', 'unreadable']) joined[list].push(...answer.report[list]);
    joined.totals = answer.report.totals;
    told.warnings.push(...answer.warnings);
    action = answer.next?.action ?? null;
  }
  return told;
}
