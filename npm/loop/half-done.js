// What a run that was stopped, or that Kosli has refused a write, leaves behind.

/** In words, as far as `done` shows; `undefined` where nothing was written, or nothing is missing. `action` is the one that the last look has made explicit. */
export function halfDone(action, done = []) {
  const isRecorded = done.some(({name}) => name === `nodeploy-${action?.type}`);
  const tags = done.filter(({type}) => type === 'tag_environment');
  if (action?.type === 'on' && !isRecorded && tags.some(({set = {}}) => Object.keys(set).some(tag => tag.endsWith(`.${action.id}`)))) return 'frozen, not recorded';
  if (action?.type === 'off' && isRecorded && tags.length === 0) return 'lifted on record, tags still up';
  return undefined;
}
