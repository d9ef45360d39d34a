// How a process dies at one of its requests.

/** What becomes of the request at which the process dies. */
export const DEATHS = {
  'before Kosli has it': async ({cut}, kill) => {
    await kill();
    cut();
  },
  'after Kosli did it, unheard': async ({forward, cut}, kill) => {
    await forward();
    await kill();
    cut();
  },
  // On its way for so long that the next run is over before it arrives.
  'while it is on its way': async ({forward, cut}, kill, arrival) => {
    await kill();
    cut();
    arrival.push(forward);
  },
};
