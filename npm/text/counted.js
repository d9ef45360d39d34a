/** 2500 as 2,500: what is counted in thousands is read at a glance. */
export const counted = number => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
