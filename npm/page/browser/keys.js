// The time line by keys: on it arrows move and zoom; on a mark they go from one to the next.
export function keys(chart, mark) {
  const {plot, state} = chart;
  const {whole} = state;
  const zooms = about => ({
    '+': () => chart.zoom(0.5, about()), '=': () => chart.zoom(0.5, about()), '-': () => chart.zoom(2, about()), '\u2212': () => chart.zoom(2, about()), _: () => chart.zoom(2, about()), 0: () => chart.all(),
  });
  const length = () => state.view.to - state.view.from;
  const onPlot = {
    ...zooms(() => undefined),
    ArrowLeft: () => chart.move(-0.1), ArrowRight: () => chart.move(0.1),
    ArrowUp: () => scroll(-1), ArrowDown: () => scroll(1), PageUp: () => scroll(-6), PageDown: () => scroll(6),
    Home: () => chart.look(whole.from, whole.from + length()), End: () => chart.look(whole.to - length(), whole.to),
  };
  const onMark = {
    ...zooms(mark.time),
    ArrowLeft: () => mark.step(-1), ArrowRight: () => mark.step(1), ArrowUp: () => mark.row(-1), ArrowDown: () => mark.row(1), Home: () => mark.step(-Infinity), End: () => mark.step(Infinity),
  };
  plot.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = event.target === plot ? onPlot : onMark;
    if (!Object.hasOwn(deeds, event.key)) return;
    if (deeds[event.key]() !== false) event.preventDefault(); // where there is nothing to scroll, the page goes on
  });

  function scroll(rows) {
    const scroller = plot.closest('#scroller');
    if (scroller.scrollHeight <= scroller.clientHeight) return false;
    scroller.scrollTop += rows * 40;
    return true;
  }
}
