//! Which environments a window is for: by name, type and tags.

use std::collections::BTreeMap;

use crate::budget::Budget;
use crate::text::excerpt;

/// Names, types or tags that are told.
const MOST_SHOWN: usize = 3;

/// What a window says of its environments.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    names: Vec<String>,
    types: Option<Vec<String>>,
    tags: BTreeMap<String, Vec<String>>,
}

/// What Kosli says of an environment, as far as selectors ask.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Traits {
    pub(crate) kind: Option<String>,
    /// `None` is a value that is no text: what it says nobody can tell.
    pub(crate) tags: BTreeMap<String, Option<String>>,
}

impl Selector {
    pub(crate) fn new(names: Vec<String>, types: Option<Vec<String>>, tags: BTreeMap<String, Vec<String>>) -> Self {
        Self { names, types, tags }
    }

    /// `true` if the name alone does not tell: the environment's document is needed.
    pub(crate) fn needs_traits(&self) -> bool {
        self.types.is_some() || !self.tags.is_empty()
    }

    /// ``names `prod-*`, types `K8S`, tags `team` ``
    pub(crate) fn words(&self) -> String {
        let kinds = [
            ("names", self.names.iter().collect::<Vec<_>>()),
            ("types", self.types.iter().flatten().collect()),
            ("tags", self.tags.keys().collect()),
        ];
        let told = kinds.iter().filter(|(_, list)| !list.is_empty()).map(|(kind, list)| {
            let shown: Vec<_> = list.iter().take(MOST_SHOWN).map(|text| format!("`{}`", excerpt(text))).collect();
            format!("{kind} {}{}", shown.join(", "), if list.len() > MOST_SHOWN { ", …" } else { "" })
        });
        told.collect::<Vec<_>>().join(" and ")
    }

    /// `true` if some name is taken by both, as far as the globs' text tells.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let is_all = |names: &[String]| names == ["*"];
        self.names == other.names || is_all(&self.names) || is_all(&other.names)
    }

    pub(crate) fn asks_type(&self) -> bool {
        self.types.is_some()
    }

    /// One glob matches and no exclusion does; nothing but exclusions means all others.
    pub(crate) fn takes_name(&self, name: &str, budget: &Budget) -> bool {
        let (excluded, included): (Vec<_>, Vec<_>) = self.names.iter().partition(|glob| glob.starts_with('!'));
        (included.is_empty() || included.iter().any(|glob| matches(glob, name, budget)))
            && !excluded.iter().any(|glob| matches(&glob[1..], name, budget))
    }

    pub(crate) fn takes_traits(&self, traits: &Traits, budget: &Budget) -> bool {
        let is_type = |types: &Vec<String>| traits.kind.as_ref().is_some_and(|kind| types.contains(kind));
        self.types.as_ref().is_none_or(is_type)
            && self.tags.iter().all(|(key, globs)| {
                let value = traits.tags.get(key).and_then(Option::as_ref);
                value.is_some_and(|value| globs.iter().any(|glob| matches(glob, value, budget)))
            })
    }

    /// A tag that is asked for and whose value is no text.
    pub(crate) fn unreadable_tag(&self, traits: &Traits) -> Option<&str> {
        self.tags.keys().find(|key| traits.tags.get(*key) == Some(&None)).map(String::as_str)
    }
}

/// `true` if whatever the glob `inner` matches, of names, `outer` matches as well.
pub(super) fn covers(outer: &str, inner: &str, budget: &Budget) -> bool {
    // Of a run of `*` and `?` the `?` come first, and no name is empty.
    let plain = |glob: &str| {
        let mut plain = String::new();
        for part in glob.split_inclusive(|c| !matches!(c, '*' | '?')) {
            let literal = part.trim_start_matches(['*', '?']);
            let run = &part[..part.len() - literal.len()];
            plain.extend(run.chars().filter(|&c| c == '?'));
            plain.push_str(if run.contains('*') { "*" } else { "" });
            plain.push_str(literal);
        }
        if plain == "*" { "?*".to_owned() } else { plain }
    };
    let (outer, inner) = (plain(outer), plain(inner));
    if outer == "?*" { !inner.is_empty() } else { takes(&outer, &inner, budget, |c| c != '*') }
}

/// `*` is any run of characters, `?` any one.
fn matches(glob: &str, text: &str, budget: &Budget) -> bool {
    takes(glob, text, budget, |_| true)
}

/// The same, where `?` is only what `is_one` takes.
fn takes(glob: &str, text: &str, budget: &Budget, is_one: impl Fn(char) -> bool) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None; // the last `*`, and how much it has taken
    while t < text.len() && budget.spend(1) {
        if glob.get(g) == Some(&'*') {
            star = Some((g, t));
            g += 1;
        } else if glob.get(g).is_some_and(|&c| c == text[t] || (c == '?' && is_one(text[t]))) {
            (g, t) = (g + 1, t + 1);
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            (g, t) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    t == text.len() && glob[g..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::{Selector, Traits, matches};
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

    #[test]
    fn an_exclusion_wins() {
        let takes = |names: &[&str], name| {
            Selector::new(names.iter().map(|&name| name.to_owned()).collect(), None, [].into())
                .takes_name(name, &Budget::default())
        };
        assert!(takes(&["prod-*", "!prod-sandbox"], "prod-aws"));
        assert!(!takes(&["prod-*", "!prod-sandbox"], "prod-sandbox"));
        assert!(!takes(&["!prod-sandbox", "prod-*"], "prod-sandbox"));
        assert!(takes(&["!prod-*"], "staging"));
        assert!(!takes(&["!prod-*"], "prod-aws"));
        assert!(!takes(&["staging"], "prod-aws"));
    }

    #[test]
    fn every_trait_must_be_there() {
        let globs = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>();
        let tags = [("team".to_owned(), globs(&["core", "infra-*"])), ("tier".to_owned(), globs(&["1"]))];
        let selector = Selector::new(globs(&["*"]), Some(globs(&["K8S", "ECS"])), tags.into());
        let takes = |kind: Option<&str>, tags: &[(&str, &str)]| {
            let tags = tags.iter().map(|&(key, value)| (key.to_owned(), Some(value.to_owned()))).collect();
            selector.takes_traits(&Traits { kind: kind.map(str::to_owned), tags }, &Budget::default())
        };
        assert!(takes(Some("ECS"), &[("team", "infra-eu"), ("tier", "1"), ("x", "y")]));
        assert!(!takes(Some("ECS"), &[("team", "infra-eu")]));
        assert!(!takes(Some("S3"), &[("team", "core"), ("tier", "1")]));
        assert!(!takes(None, &[("team", "core"), ("tier", "1")]));
        let odd = |key: &str| Traits { kind: None, tags: [(key.to_owned(), None)].into() };
        assert_eq!(selector.unreadable_tag(&odd("tier")), Some("tier"));
        assert_eq!(selector.unreadable_tag(&odd("owner")), None);
    }
}
