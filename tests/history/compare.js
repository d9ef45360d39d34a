// What a report says otherwise than it is.

const KEYS = {
  freezes: ({id}) => id,
  exceptions: ({id}) => id,
  deployments: ({at, fingerprint}) => `${at} ${fingerprint.slice(0, 12)}`,
  unreadable: ({what, name}) => `${what} ${name}`,
};

/** Lines, one for each fact that is missing, made up, or told otherwise; `facts` counts all that were compared. */
export function differences(told, truth) {
  const lines = [];
  let facts = 0;
  const compare = (where, is, should) => {
    const isObject = value => typeof value === 'object' && value !== null;
    if (isObject(should) && isObject(is) && Array.isArray(is) === Array.isArray(should)) {
      for (const key of new Set([...Object.keys(should), ...Object.keys(is)])) compare(`${where}.${key}`, is[key], should[key]);
      return;
    }
    facts++;
    if (JSON.stringify(is) !== JSON.stringify(should)) lines.push(`${where}: told ${JSON.stringify(is)}, true is ${JSON.stringify(should)}`);
  };
  for (const [list, keyOf] of Object.entries(KEYS)) {
    const [is, should] = [told, truth].map(report => new Map(report[list].map(one => [keyOf(one), one])));
    if (is.size !== told[list].length) lines.push(`${list}: something is told twice`);
    for (const [key, one] of should) {
      if (is.has(key)) compare(`${list}[${key}]`, inOrder(is.get(key)), inOrder(one));
      else lines.push(`${list}[${key}]: not told, true is ${JSON.stringify(one)}`);
    }
    for (const [key, one] of is) if (!should.has(key)) lines.push(`${list}[${key}]: made up, ${JSON.stringify(one)}`);
  }
  compare('totals', told.totals, truth.totals);
  return {lines, facts};
}

// These have no order.
const inOrder = one => ({
  ...one,
  ...(one.notes && {notes: [...one.notes].sort()}),
  ...('why' in one && {why: Boolean(one.why)}),
  ...(Array.isArray(one.freezes) && {freezes: [...one.freezes].sort()}),
});
