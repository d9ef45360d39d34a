//! Globs: `*` is any run of characters, `?` any one, `!` before a glob excludes.

pub(crate) mod meant;
pub(crate) mod value;

use std::str::Chars;

use crate::budget::Budget;

/// One glob matches and no exclusion does; nothing but exclusions means all others.
pub(crate) fn any_takes(globs: &[String], text: &str, budget: &Budget) -> bool {
    let (mut is_taken, mut excludes_only) = (false, true);
    for glob in globs.iter().take_while(|_| budget.spend(1)) {
        match glob.strip_prefix('!') {
            Some(excluded) if matches(excluded, text, budget) => return false,
            Some(_) => {}
            None => {
                excludes_only = false;
                is_taken = is_taken || matches(glob, text, budget);
            }
        }
    }
    is_taken || excludes_only
}

/// `*` is any run of characters, `?` any one.
pub(crate) fn matches(glob: &str, text: &str, budget: &Budget) -> bool {
    matches_where(glob, text, budget, |_| true)
}

/// The same, where `?` is only what `is_one` takes. Nothing matches once the budget is spent.
pub(crate) fn matches_where(glob: &str, text: &str, budget: &Budget, is_one: impl Fn(char) -> bool) -> bool {
    let (mut glob, mut text) = (glob.chars(), text.chars());
    let mut star: Option<(Chars<'_>, Chars<'_>)> = None; // what follows the last `*`, and what it has not taken
    while let Some(c) = text.clone().next() {
        if !budget.spend(1) {
            return false;
        }
        match glob.clone().next() {
            Some('*') => {
                glob.next();
                star = Some((glob.clone(), text.clone()));
            }
            Some(wanted) if wanted == c || (wanted == '?' && is_one(c)) => {
                glob.next();
                text.next();
            }
            _ => {
                let Some((after, left)) = &mut star else { return false };
                left.next();
                (glob, text) = (after.clone(), left.clone());
            }
        }
    }
    glob.all(|c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;
    use crate::budget::Budget;

    #[test]
    fn globs_match_the_whole_text() {
        for (glob, text, wanted) in [
            ("prod-*", "prod-aws", true),
            ("prod-*", "prod-", true),
            ("prod-*", "xprod-aws", false),
            ("*-aws", "prod-eu-aws", true),
            ("*a*b", "xaxbxb", true),
            ("p?od", "prod", true),
            ("p?od", "pod", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("Prod", "prod", false),
            ("[a]", "a", false),
        ] {
            assert_eq!(matches(glob, text, &Budget::default()), wanted, "{glob} {text}");
        }
    }

    #[test]
    fn a_hostile_glob_is_quick() {
        assert!(!matches(&"*a".repeat(100), &"a".repeat(99), &Budget::default()));
        assert!(!matches(&format!("{}b", "*a".repeat(500)), &"a".repeat(5_000), &Budget::default()));
    }
}
