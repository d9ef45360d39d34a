//! Names of people, told apart as people tell them apart: not by capitals, blanks, dots, accents, or letters that look the same.

/// Each letter with those that are taken for it: accents, which two systems write as one character or as two, and other
/// alphabets.
const ALIKE: [(char, &str); 24] = [
    ('a', "аАαΑàáâãäåāăąǎÀÁÂÃÄÅĀĂĄǍɑ"),
    ('b', "вВβΒь"),
    ('c', "сСçćĉċčÇĆĈĊČϲ"),
    ('d', "ԁďđĎĐ"),
    ('e', "еЕεΕèéêëēĕėęěÈÉÊËĒĔĖĘĚёЁ"),
    ('g', "ĝğġģĜĞĠĢɡ"),
    ('h', "һнНΗĥħĤĦ"),
    ('i', "іІιΙìíîïĩīĭįıÌÍÎÏĨĪĬĮİїЇ"),
    ('j', "јЈĵĴ"),
    ('k', "кКκΚķĶ"),
    ('l', "ĺļľłĹĻĽŁ"),
    ('m', "мМμΜ"),
    ('n', "ΝñńņňÑŃŅŇ"),
    ('o', "оОοΟòóôõöøōŏőÒÓÔÕÖØŌŎŐ"),
    ('p', "рРρΡ"),
    ('q', "ԛ"),
    ('r', "ŕŗřŔŖŘ"),
    ('s', "ѕЅśŝşšșŚŜŞŠȘ"),
    ('t', "тТτΤţťțŢŤȚ"),
    ('u', "υùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ"),
    ('v', "νѵ"),
    ('w', "ԝŵŴω"),
    ('x', "хХχΧ"),
    ('y', "уУΥýÿŷÝŸŶ"),
];

/// What a name is told from others by. Two that are one by it may be one person.
pub(crate) fn told_by(name: &str) -> String {
    let letters: String = small(name.chars().map(plain)).filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { in_small(name.trim()) } else { letters }
}

/// In small letters. `str::to_lowercase` has tables of its own for the one that ends a Greek word: here it is as any other.
pub(crate) fn in_small(text: &str) -> String {
    small(text.chars()).collect()
}

fn small(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    text.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

fn plain(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        '\u{ff01}'..='\u{ff5e}' => nth('!', c, '\u{ff01}', 94),
        '\u{1d400}'..='\u{1d6a3}' => nth('a', c, '\u{1d400}', 26),
        _ => ALIKE.iter().find(|(_, alike)| alike.contains(c)).map_or(c, |(letter, _)| *letter),
    }
}

/// The character as far from `first` as `c` is from `begin`, in alphabets of so many.
fn nth(first: char, c: char, begin: char, letters: u32) -> char {
    char::from_u32(u32::from(first) + (u32::from(c) - u32::from(begin)) % letters).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::told_by;

    #[test]
    fn one_person_is_written_in_many_ways() {
        for (name, other) in [
            ("maya", "Maya"),
            ("maya", " maya "),
            ("maya", "maya."),
            ("maya", "ma\u{200b}ya"),
            ("maya", "m\u{430}ya"),
            ("maya", "\u{39c}AYA"),
            ("maya", "\u{ff4d}aya"),
            ("maya", "\u{1d426}aya"),
            ("Maya Smith", "maya  smith"),
            ("maya.smith", "maya_smith"),
            ("jos\u{e9}", "jose\u{301}"),
            ("IŞIK", "ışık"),
            ("ΜΑΡΙΟΣ", "μαριος"),
        ] {
            assert_eq!(told_by(name), told_by(other), "{name} {other}");
        }
        for (name, other) in [("maya", "noah"), ("maya", "maya2"), ("日本", "中国"), ("🦊", "🐻"), ("иван", "анна")]
        {
            assert_ne!(told_by(name), told_by(other), "{name} {other}");
        }
    }
}
