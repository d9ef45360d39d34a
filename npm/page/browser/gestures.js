// Wheel, mouse and touch. A plain wheel and a finger up or down belong to the page: it is never caught in the time line.
import {find} from './elements.js';
import {sentenceOf, titleOf} from './records.js';

const CLICK = 5; // as many pixels are a trembling hand

export function gestures(chart) {
  const {plot, state} = chart;
  const fingers = new Map();
  let press; // where it began, and whether it has moved
  plot.addEventListener('wheel', event => {
    const step = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      chart.zoom(2 ** (Math.max(-200, Math.min(200, event.deltaY * step)) / 200), chart.at(event.clientX));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      chart.move((event.deltaX || event.deltaY) * step / plot.clientWidth);
    }
  }, {passive: false});

  plot.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    plot.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
    press = fingers.size === 1 ? {x: event.clientX, y: event.clientY, hasMoved: false} : undefined;
    hideTip();
  });
  plot.addEventListener('pointermove', event => {
    if (!fingers.has(event.pointerId)) return event.pointerType === 'mouse' ? hover(event) : undefined;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, event.clientX);
    const after = [...fingers.values()];
    if (press && !press.hasMoved && Math.abs(event.clientX - press.x) < CLICK) return fingers.set(event.pointerId, press.x);
    if (press) press.hasMoved = true;
    plot.classList.add('moving');
    if (fingers.size === 1) return chart.move((before[0] - after[0]) / plot.clientWidth);
    const [was, is] = [before, after].map(([a, b]) => Math.max(20, Math.abs(a - b)));
    chart.zoom(was / is, chart.at((after[0] + after[1]) / 2));
    chart.move(((before[0] + before[1]) - (after[0] + after[1])) / 2 / plot.clientWidth);
  });
  const lift = event => {
    fingers.delete(event.pointerId);
    plot.classList.remove('moving');
  };
  plot.addEventListener('pointerup', event => {
    const box = press && !press.hasMoved && chart.boxAt(event.clientX, event.clientY);
    lift(event);
    press = undefined;
    if (box) chart.open(chart.records.get(box.item));
  });
  plot.addEventListener('pointercancel', event => {
    lift(event);
    press = undefined;
  });
  plot.addEventListener('pointerleave', hideTip);

  function hover({clientX, clientY}) {
    const box = chart.boxAt(clientX, clientY);
    plot.classList.toggle('on-mark', box !== undefined);
    if (!box) return hideTip();
    const record = chart.records.get(box.item);
    const tip = find('tip');
    const frame = find('chart').getBoundingClientRect();
    const title = document.createElement('b');
    title.textContent = `${record.row.name}: ${titleOf(record)}`;
    tip.replaceChildren(title, sentenceOf(record, state.zone).slice(`${record.row.name}: ${titleOf(record)}; `.length));
    tip.hidden = false;
    const {offsetWidth: width, offsetHeight: height} = tip;
    tip.style.left = `${Math.max(4, Math.min(clientX - frame.left + 12, frame.width - width - 4))}px`;
    const below = clientY - frame.top + 18;
    tip.style.top = `${below + height < frame.height ? below : Math.max(2, clientY - frame.top - height - 12)}px`;
  }
}

function hideTip() {
  find('tip').hidden = true;
}
