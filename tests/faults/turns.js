// Rivals in step: nobody's request goes on before everybody has one, then one of them does, drawn by lot.
import {proxy} from './proxy.js';

/** `{urls, ended(index)}`: an address to Kosli for each of `count` rivals. Who has nothing more to ask has `ended`. */
export async function turns(t, upstream, count) {
  const waiting = Array.from({length: count}, () => []);
  const playing = new Set(waiting.keys());
  const step = () => {
    if (playing.size === 0 || [...playing].some(index => waiting[index].length === 0)) return; // somebody thinks
    const drawn = [...playing][Math.floor(Math.random() * playing.size)];
    waiting[drawn].shift()();
  };
  const ways = await Promise.all(waiting.map(async (queue, index) => {
    const way = await proxy(t, upstream);
    way.meddle = async exchange => {
      await new Promise(resolve => {
        queue.push(resolve);
        step();
      });
      exchange.answer(await exchange.forward());
      step(); // whoever asks several things at once does not think yet
    };
    return way;
  }));
  return {
    urls: ways.map(({url}) => url),
    ended(index) {
      playing.delete(index);
      step();
    },
  };
}
