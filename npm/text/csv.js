// CSV (RFC 4180) with texts of others in it: no spreadsheet takes one of them for a formula.
import {printable} from './printable.js';

/** One record, with its CRLF. Texts are put into quotes, in one line each; numbers and what is not there are not. */
export const csvRecord = fields => `${fields.map(field => field === null || field === undefined ? '' : typeof field === 'number' ? String(field) : `"${disarmed(printable(field)).replaceAll('"', '""')}"`).join(',')}\r\n`;

/**
 * With `'` before what would begin a formula: at its beginning, and after whatever another program may take for the end of a field
 * (a spreadsheet in Germany divides at `;`, quoted or not).
 */
export const disarmed = text => text.replace(FORMULA, "$1'$2");

const FORMULA = /(^\s*|[;,|\t\r\n"']\s*)([=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])/g;
