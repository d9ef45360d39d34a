// Texts of others, as a page and a picture show them: nothing hides, turns around, or stands for a line of ours.

// Control, bidirectional and invisible characters, halves of pairs: what XML forbids is among them.
const DELICATE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu;

/** The same text with all of these written out, line breaks but in `lines`. */
export function plain(text, {lines = false} = {}) {
  return String(text).replace(DELICATE, letter => {
    if (letter === '\n') return lines ? letter : ' ';
    if (letter === '\t') return ' ';
    return `\\u{${letter.codePointAt(0).toString(16)}}`;
  });
}

/** A link that may be followed, or `null`: Kosli's pages are https, and nothing else is one. */
export const link = url => typeof url === 'string' && /^https:\/\/[^\s\\"'<>]+$/.test(url) ? url : null;
