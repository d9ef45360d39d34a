// Markdown with texts of others in it: for a job's page, a merge request, a chat. None of them is markup.

/** Text of others in one line of Markdown, which shows it as it stands: every sign that Markdown or HTML could read as its own is written as a number. */
export const plain = text => encoded(text).replace(REFERENCES, '$&&#8203;');

/** An id, which is copied: nothing is put into it. */
export const code = text => text === '' ? '' : `<code>${encoded(text)}</code>`;

/** A line to paste, in a paragraph of its own. */
export const block = text => `<pre>${encoded(text)}</pre>`;

/** A table; the cells are Markdown. */
export const table = (heads, rows) => [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

/** In one line: what has no shape of its own, or turns others around, is written out. */
export const oneLine = text => String(text).replace(SHAPELESS, sign => `\\u{${sign.codePointAt(0).toString(16)}}`);

const encoded = text => oneLine(text).replace(DELICATE, (sign, isInert) => isInert === undefined ? `&#${sign.codePointAt(0)};` : sign);

// All but letters, digits and blanks, and what stands between these and means nothing there: `prod-aws`, `10:44`, `1.5`, `one, two`.
const DELICATE = /((?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}])|(?<=\d)[.:](?=\d)|(?<=[\p{L}\p{N}]), )|[^\p{L}\p{M}\p{N} ]/gu;

// Controls, separators of lines, and letters and marks that nobody sees.
const SHAPELESS = /[\p{C}\p{Zl}\p{Zp}\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0]/gu;

// `@maya` and `#12`, `!12`, `~label`: GitHub and GitLab look for these in the text that is shown, and tell Maya. (Not in code.)
const REFERENCES = /&#(?:64|35|33|126|37|38|36);(?=[\p{L}\p{N}&])/gu;
