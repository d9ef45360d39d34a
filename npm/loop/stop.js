// One stop for many that are asked side by side.

/**
 * `{signal, another, stop, release}`: signals that end with `outer`, on which they are one listener however many there are. `signal` is for
 * what is asked alone, `another()` a new one for each that is asked beside others: Node 20 takes eleven listeners on one for a leak.
 */
export function stopWith(outer) {
  const controllers = new Set();
  let isStopped = false;
  const another = () => {
    const controller = new AbortController();
    controllers.add(controller);
    if (isStopped) controller.abort();
    return controller.signal;
  };
  const stop = () => {
    isStopped = true;
    for (const controller of controllers) controller.abort();
  };
  outer?.addEventListener('abort', stop);
  if (outer?.aborted) stop();
  return {signal: another(), another, stop, release: () => outer?.removeEventListener('abort', stop)};
}
