//! Which environments a window is for: by name, type and tags.

use crate::budget::Budget;
use crate::glob::any_takes;
use crate::kosli::documents::environment::Traits;
use crate::order::Map;
use crate::text::excerpt;

/// Names, types or tags that are told.
const MOST_SHOWN: usize = 3;
/// The steps of looking a tag up.
const KEY: u64 = 4;

/// For which environment a policy is asked.
#[derive(Clone, Copy)]
pub(crate) enum For<'e> {
    Environment {
        name: &'e str,
        traits: &'e Traits<'e>,
    },
    /// Every window counts.
    Every,
}

/// What a window says of its environments.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    names: Vec<String>,
    types: Option<Vec<String>>,
    tags: Map<String, Vec<String>>,
}

impl Selector {
    pub(crate) fn new(names: Vec<String>, types: Option<Vec<String>>, tags: Map<String, Vec<String>>) -> Self {
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
    pub(crate) fn meets(&self, other: &Self, budget: &Budget) -> bool {
        let is_all = |names: &[String]| names == ["*"];
        budget.spend_on(self.names.len().min(other.names.len()), 1);
        self.names == other.names || is_all(&self.names) || is_all(&other.names)
    }

    /// The globs of names, exclusions too.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The keys of the tags that it asks for.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        self.tags.keys().map(String::as_str)
    }

    pub(crate) fn asks_type(&self) -> bool {
        self.types.is_some()
    }

    pub(crate) fn takes_name(&self, name: &str, budget: &Budget) -> bool {
        any_takes(&self.names, name, budget)
    }

    pub(crate) fn takes_traits(&self, traits: &Traits<'_>, budget: &Budget) -> bool {
        let takes = |(key, globs): (&String, &Vec<String>)| match traits.tags.get(key.as_str()) {
            Some(value) => value.as_ref().is_some_and(|value| any_takes(globs, value, budget)),
            // All but some are also those without any.
            None => budget.spend_on(globs.len(), 1) && globs.iter().all(|glob| glob.starts_with('!')),
        };
        self.is_of_type(traits) && self.tags.iter().all(takes)
    }

    fn is_of_type(&self, traits: &Traits<'_>) -> bool {
        let is_one = |types: &Vec<String>| traits.kind.as_ref().is_some_and(|kind| types.iter().any(|one| one == kind));
        self.types.as_ref().is_none_or(is_one)
    }

    /// Upper and lower case alone keep it from an environment. Of one whose name it does not take the tags are not read.
    pub(crate) fn misses_by_case(&self, name: &str, traits: &Traits<'_>, budget: &Budget) -> bool {
        let takes = |globs: &[String], text: &str| {
            let is_upper = |text: &str| text.bytes().any(|b| b.is_ascii_uppercase());
            let may_differ =
                budget.spend_on(globs.len(), 1) && (is_upper(text) || globs.iter().any(|glob| is_upper(glob)));
            let globs = || globs.iter().map(|glob| glob.to_ascii_lowercase()).collect::<Vec<_>>();
            may_differ && any_takes(&globs(), &text.to_ascii_lowercase(), budget)
        };
        if !self.takes_name(name, budget) {
            return takes(&self.names, name);
        }
        let has = |(key, globs): (&String, &Vec<String>)| {
            let mut alike = traits.tags.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
            alike.any(|(_, value)| {
                value.as_ref().is_some_and(|value| any_takes(globs, value, budget) || takes(globs, value))
            })
        };
        self.is_of_type(traits) && !self.takes_traits(traits, budget) && self.tags.iter().all(has)
    }

    /// A tag that is asked for and whose value is not text.
    pub(crate) fn unreadable_tag(&self, traits: &Traits<'_>, budget: &Budget) -> Option<&str> {
        budget.spend_on(self.tags.len(), KEY);
        self.tags.keys().find(|key| traits.tags.get(key.as_str()) == Some(&None)).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{Selector, Traits};
    use crate::budget::Budget;
    use crate::glob::matches;

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
            let tags = tags.iter().map(|&(key, value)| (key.into(), Some(value.into()))).collect();
            selector.takes_traits(&Traits { kind: kind.map(Into::into), tags }, &Budget::default())
        };
        assert!(takes(Some("ECS"), &[("team", "infra-eu"), ("tier", "1"), ("x", "y")]));
        assert!(!takes(Some("ECS"), &[("team", "infra-eu")]));
        assert!(!takes(Some("S3"), &[("team", "core"), ("tier", "1")]));
        assert!(!takes(None, &[("team", "core"), ("tier", "1")]));
        let odd = |key: &'static str| Traits { kind: None, tags: [(key.into(), None)].into() };
        assert_eq!(selector.unreadable_tag(&odd("tier"), &Budget::default()), Some("tier"));
        assert_eq!(selector.unreadable_tag(&odd("owner"), &Budget::default()), None);
    }
    #[test]
    fn an_exclusion_of_a_tag_is_of_the_untagged_too() {
        let takes = |globs: &[&str], value: Option<&str>| {
            let globs = globs.iter().map(|&glob| glob.to_owned()).collect();
            let tags = value.map(|value| ("team".into(), Some(value.into()))).into_iter().collect();
            Selector::new(vec!["*".to_owned()], None, [("team".to_owned(), globs)].into())
                .takes_traits(&Traits { kind: None, tags }, &Budget::default())
        };
        for (globs, value, wanted) in [
            (&["!infra"] as &[&str], Some("core"), true),
            (&["!infra"], Some("infra"), false),
            (&["!infra"], Some("!infra"), true),
            (&["!infra"], None, true),
            (&["*", "!infra"], None, false),
            (&["*", "!infra"], Some(""), true),
            (&["infra-*", "!infra-?"], Some("infra-a"), false),
            (&["infra-*", "!infra-?"], Some("infra-ab"), true),
            (&["?infra"], Some("!infra"), true),
            (&["*", "!?*"], Some(""), true),
            (&["*", "!?*"], Some("x"), false),
        ] {
            assert_eq!(takes(globs, value), wanted, "{globs:?} {value:?}");
        }
    }

    #[test]
    fn case_alone_may_keep_it_from_an_environment() {
        let misses = |names: &[&str], tags: &[(&str, &str)]| {
            let globs = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>();
            let tags = tags.iter().map(|&(key, glob)| (key.to_owned(), globs(&[glob]))).collect();
            let traits = Traits {
                kind: Some("K8S".into()),
                tags: [("team".into(), Some("Core".into())), ("tier".into(), None)].into(),
            };
            Selector::new(globs(names), None, tags).misses_by_case("prod-aws", &traits, &Budget::default())
        };
        for (names, tags, wanted) in [
            (&["Prod-*"] as &[&str], &[] as &[(&str, &str)], true),
            (&["PROD-AWS", "staging"], &[], true),
            (&["prod-*"], &[], false),
            (&["staging"], &[], false),
            (&["Prod-*", "!Prod-Aws"], &[], false),
            (&["*"], &[("Team", "Core")], true),
            (&["*"], &[("team", "core")], true),
            (&["*"], &[("team", "Core")], false),
            (&["*"], &[("team", "infra")], false),
            (&["*"], &[("Tier", "1")], false),
            (&["*"], &[("owner", "Core")], false),
        ] {
            assert_eq!(misses(names, tags), wanted, "{names:?} {tags:?}");
        }
    }

    #[test]
    fn what_is_matched_is_counted() {
        let budget = Budget::of(1_000);
        let globs: Vec<_> = (0..2_000).map(|at| format!("a{at}")).collect();
        let selector = Selector::new(globs, None, [].into());
        assert!(!selector.takes_name("b", &budget));
        assert!(budget.is_spent());
        assert!(!matches("*", "b", &budget));
    }
}
