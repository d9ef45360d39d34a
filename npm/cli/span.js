// Spans of time, as people write them.
import {UsageError} from './options.js';

const MINUTE = 60_000;
const UNITS = {m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE, w: 7 * 24 * 60 * MINUTE};
const ISO = /^P(?=.)(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?$/;

/** `90m`, `2h`, `3d`, `1w` in milliseconds; `undefined` for anything else. */
export function spanMilliseconds(text) {
  const [, number, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  return unit && Number(number) * UNITS[unit];
}

/** The value of `--wait`, also as ISO 8601 has it (`PT1H30M`), in milliseconds. */
export function waitTime(text) {
  const milliseconds = spanMilliseconds(text) ?? isoMilliseconds(text);
  if (milliseconds === undefined) throw noSpan('wait', text);
  return milliseconds;
}

/** The value of `--needs` as the core takes it: ISO 8601. */
export function neededTime(text) {
  if (isoMilliseconds(text) !== undefined) return text;
  if (spanMilliseconds(text) === undefined) throw noSpan('needs', text);
  const [number, unit] = [text.slice(0, -1), text.at(-1).toUpperCase()];
  return unit === 'H' || unit === 'M' ? `PT${number}${unit}` : `P${number}${unit}`;
}

/** `PT1H30M` in milliseconds; `undefined` for anything else. */
export function isoMilliseconds(text) {
  const found = ISO.exec(text);
  if (!found) return undefined;
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map(number => Number(number ?? 0));
  return weeks * UNITS.w + days * UNITS.d + hours * UNITS.h + minutes * UNITS.m + seconds * 1000;
}

const noSpan = (option, text) => new UsageError(`--${option} \`${text}\` is no span of time`, 'write it as 20m, 2h, 1d, or as ISO 8601 has it: PT20M');
