import {randomUUID} from 'node:crypto';

/** An id of the length that Kosli's have. */
export const newId = () => randomUUID().slice(0, 32);
