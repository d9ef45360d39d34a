// One stop for many that are asked side by side.
import {setMaxListeners} from 'node:events';

/** `{signal, stop, release}`: a signal that ends with `outer`, on which it is one listener however many listen to it. */
export function stopWith(outer) {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // they are as many as wait, and no leak
  const stop = () => controller.abort();
  outer?.addEventListener('abort', stop);
  if (outer?.aborted) stop();
  return {signal: controller.signal, stop, release: () => outer?.removeEventListener('abort', stop)};
}
