/** Waits, or not any longer once `signal` has fired. */
export const pause = (milliseconds, signal) => new Promise(resolve => {
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', done);
    resolve();
  };
  const timer = setTimeout(done, milliseconds);
  signal?.addEventListener('abort', done);
  if (signal?.aborted) done();
});
