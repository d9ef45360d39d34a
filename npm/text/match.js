/** What a change must be, on one line: `commit=4f1c2ab and kind=hotfix or fix`. */
export const matchWords = match => Object.entries(match).map(([key, globs]) => `${key}=${globs.join(' or ')}`).join(' and ');
