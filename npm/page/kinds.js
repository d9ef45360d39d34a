// What a time line is made of. The word of a kind is shown in the legend, the table and the record; its look is in look/.

/** A span of time, drawn as a bar. */
export const BARS = {
  freeze: 'Freeze',
  window: 'Freeze window',
  closed: 'Outside allow windows',
  allow: 'Allow window',
};

/** A moment, drawn as a mark. */
export const MARKS = {
  exception: 'Exception',
  passed: 'Passed',
  refused: 'Refused',
  deployment: 'Deployment',
  opens: 'Opens',
  closes: 'Closes',
};

/** The states that are told apart by their look, by kind; in the order of the legend. */
export const STATES = {
  freeze: ['open', 'overdue', 'ended', 'begun'],
  deployment: ['unexplained', 'uncertain', 'excepted', 'before'],
};

export const wordOf = ({kind}) => BARS[kind] ?? MARKS[kind];
