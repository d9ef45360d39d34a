// A file that others read: all of it or nothing.
import {renameSync, rmSync, writeFileSync} from 'node:fs';

/** Writes `text` to `file`, in place of what is there. What is left of another process beside it stays, and is an error. */
export function writeWhole(file, text) {
  const whole = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(whole, text, {flag: 'wx'});
    renameSync(whole, file);
  } catch (error) {
    if (error.code !== 'EEXIST') rmSync(whole, {force: true});
    throw error;
  }
}
