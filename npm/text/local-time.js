// The clocks of a time zone, which the core knows.
import {door} from '../core.js';

const encoder = new TextEncoder();

/** A time (RFC 3339) as the clocks of `zone` show it: `2026-12-24T18:00:00+01:00`; `undefined` where they do not. */
export const localTime = (time, zone) => door.local_time(encoder.encode(`${time}\0${zone}`)) || undefined;
