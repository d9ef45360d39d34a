/** So many at once: `take` waits for one of them, `give` hands it on. */
export function slotsOf(count) {
  const waiting = [];
  let free = count;
  return {
    async take() {
      if (free > 0) free--;
      else await new Promise(resolve => waiting.push(resolve));
    },
    give() {
      if (waiting.length > 0) waiting.shift()();
      else free++;
    },
  };
}
