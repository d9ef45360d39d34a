/** 2500 as 2,500: what is counted in thousands is read at a glance. */
export const counted = number => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** Of more a sentence names the first. */
export const NAMED = 10;

/** The first of so many names, for a sentence. */
export const namesOf = names => [...names.slice(0, NAMED), ...(names.length > NAMED ? [`and ${counted(names.length - NAMED)} more`] : [])].join(', ');

/** 2,500 freezes */
export const count = (number, one, many = `${one}s`) => `${counted(number)} ${number === 1 ? one : many}`;
