// Shapes on a canvas, in the colours of the page, sharp on any screen.
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** A cleared canvas of that size: `draw(shape)`, `shift(y)`. */
export function brush(canvas, width, height) {
  const scale = Math.min(devicePixelRatio || 1, 3);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, {width: wide, height: high});
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  const colours = new Map();
  const colour = name => {
    if (!colours.has(name)) colours.set(name, style.getPropertyValue(`--${name}`));
    return colours.get(name);
  };
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  return {
    shift: y => context.translate(0, y),
    draw(shape) {
      if (shape.isUnseen) return;
      context.setLineDash(shape.dashed ? [4, 3] : []);
      if (shape.shape === 'text') return write(context, shape, colour);
      trace(context, shape);
      if (shape.fill) {
        context.fillStyle = colour(shape.fill);
        context.fill();
      }
      if (shape.stroke) {
        context.strokeStyle = colour(shape.stroke);
        context.lineWidth = ['line', 'hatch'].includes(shape.shape) ? shape.width ?? 1 : shape.shape === 'circle' ? 1.8 : 1;
        context.stroke();
      }
    },
  };
}

function trace(context, {shape, x, y, width, height, radius, r, from, to, points, segments}) {
  context.beginPath();
  switch (shape) {
    case 'rect': return radius ? context.roundRect(x, y, width, height, radius) : context.rect(x, y, width, height);
    case 'circle': return context.arc(x, y, r, 0, 2 * Math.PI);
    case 'line':
      context.moveTo(...from);
      return context.lineTo(...to);
    case 'hatch':
      for (const [a, b, c, d] of segments) {
        context.moveTo(a, b);
        context.lineTo(c, d);
      }
      return;
    default:
      points.forEach(([px, py], index) => index === 0 ? context.moveTo(px, py) : context.lineTo(px, py));
      context.closePath();
  }
}

function write(context, {x, y, text, size, fill, weight = 400, anchor}, colour) {
  context.font = `${weight} ${size}px ${FONT}`;
  context.textAlign = {middle: 'center', end: 'right'}[anchor] ?? 'left';
  context.fillStyle = colour(fill);
  context.fillText(text, x, y + 0.5);
}
