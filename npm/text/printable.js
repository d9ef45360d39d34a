// Text of others, made fit for a terminal and a log: by the core, which alone knows what they would obey.
import {door} from '../core.js';

const encoder = new TextEncoder();

/** Text of others as one line that a terminal shows as it stands and that no CI runner takes for a command. */
export const printable = text => door.printable(encoder.encode(text));

/** JSON for a terminal or a CI log: the same document, with everything delicate written as `\uXXXX`. */
export const printableJson = document => door.printable_json(encoder.encode(JSON.stringify(document, null, 2)));
