// The reports of many environments as one.

/** `reports`, in whatever order, as one document, sorted by name, with sums. */
export function joinReports(reports, {now = null, org = null} = {}) {
  const environments = [...reports].sort((one, other) => one.environment < other.environment ? -1 : 1);
  const {from = null, to = null} = environments.find(({from}) => from !== null) ?? {};
  return {from, to, now, org, environments, totals: sum(environments)};
}

function sum(environments) {
  const totals = {
    environments: environments.length, failed: 0, freezes: 0, windows: 0, seconds: 0, seconds_by_people: 0, seconds_by_windows: 0, longest: null, open: 0, overdue: 0,
    refused: 0, passed: 0, exceptions: 0, overused: 0, deployments: null, unreadable: 0,
  };
  for (const {environment, totals: own, unreadable} of environments) {
    if (!own) {
      totals.failed++;
      totals.unreadable += unreadable.length;
      continue;
    }
    for (const key of COUNTS) totals[key] += own[key];
    if (own.longest && !(own.longest.seconds <= totals.longest?.seconds)) totals.longest = {environment, ...own.longest};
    for (const [label, count] of Object.entries(own.deployments ?? {})) (totals.deployments ??= {})[label] = (totals.deployments[label] ?? 0) + count;
  }
  return totals;
}

const COUNTS = ['freezes', 'windows', 'seconds', 'seconds_by_people', 'seconds_by_windows', 'open', 'overdue', 'refused', 'passed', 'exceptions', 'overused', 'unreadable'];
