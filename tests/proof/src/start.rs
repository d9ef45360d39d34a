//! Where the worlds begin: clean, half-done, wiped, and made by the script.

use std::collections::BTreeMap;

use kosli_model::{Attestation, Kosli, Trail};

use crate::mind::ENVIRONMENT;

/// A Kosli to begin from.
#[derive(Clone, Debug)]
pub struct Start {
    /// What it is.
    pub name: &'static str,
    /// What it has.
    pub kosli: Kosli,
}

/// A freeze of steve's.
pub const STEVE: &str = "2024-10-31T10.44.48~steve";
/// A freeze of mary's, younger.
pub const MARY: &str = "2024-10-31T11.00.00~mary";
/// A freeze of the script's.
pub const SCRIPT: &str = "2024-10-31T09.00.00";

/// All of them.
#[must_use]
pub fn starts() -> Vec<Start> {
    let none: &[(&str, &str)] = &[];
    let steve = [("nodeploy", STEVE), (flag(STEVE), "by=steve&reason=Old")];
    let both = [steve[0], steve[1], (flag(MARY), "by=mary&reason=Old")];
    let expired = [("nodeploy", STEVE), (flag(STEVE), "by=steve&reason=Old&until=2024-10-31T11%3A00%3A00Z")];
    vec![
        Start { name: "no flow", kosli: Kosli::new(ENVIRONMENT) },
        start("clean", none, &[]),
        start("steve's", &steve, &[(STEVE, "i")]),
        start("steve's and mary's", &both, &[(STEVE, "i"), (MARY, "i")]),
        start("steve's, cut after the tags", &steve, &[]),
        start("steve's, cut after the trail", &steve, &[(STEVE, "")]),
        start("steve's, its end cut before the tags", &steve, &[(STEVE, "io")]),
        start("steve's and mary's, wiped", none, &[(STEVE, "i"), (MARY, "i")]),
        start("steve's and mary's, the signal gone", &both[1..], &[(STEVE, "i"), (MARY, "i")]),
        start("steve's, expired", &expired, &[(STEVE, "u")]),
        start("the script's", &[("nodeploy", SCRIPT)], &[(SCRIPT, "i")]),
        start("the script's, cut after the tag", &[("nodeploy", SCRIPT)], &[]),
        start("the script's, its end lost", none, &[(SCRIPT, "i")]),
        start("the script's over steve's", &[("nodeploy", SCRIPT), steve[1]], &[(STEVE, "i"), (SCRIPT, "i")]),
        start("a signal by hand", &[("nodeploy", "see #ops!")], &[]),
    ]
}

/// Only a flag shows that steve froze; his record has begun or not.
#[must_use]
pub fn without_signal(has_begun: bool) -> Start {
    let trails: &[_] = if has_begun { &[(STEVE, "i")] } else { &[] };
    start("steve's, the signal gone", &[(flag(STEVE), "by=steve&reason=Old")], trails)
}

/// The one of that name.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn start_named(name: &str) -> Start {
    starts().into_iter().find(|start| start.name == name).expect("a start of that name")
}

/// Buried under more trails than a gate looks at: a wiped freeze.
#[must_use]
pub fn buried() -> Start {
    let mut start = start("steve's, wiped, and 101 newer ones", &[], &[(STEVE, "i")]);
    let newer = (0..101).map(|n| (format!("2024-10-31T11.{:02}.{:02}~ann", n / 60, n % 60), trail("io")));
    start.kosli.trails.get_or_insert_default().extend(newer);
    for (begun, trail) in (0..).zip(start.kosli.trails.iter_mut().flat_map(BTreeMap::values_mut)) {
        trail.begun = begun;
    }
    start
}

fn flag(id: &str) -> &'static str {
    match id {
        STEVE => "nodeploy.2024-10-31T10.44.48~steve",
        _ => "nodeploy.2024-10-31T11.00.00~mary",
    }
}

fn start(name: &'static str, tags: &[(&str, &str)], trails: &[(&str, &str)]) -> Start {
    let mut kosli = Kosli::new(ENVIRONMENT);
    kosli.tags.insert("team".to_owned(), "core".to_owned());
    kosli.tags.extend(tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    kosli.trails = Some(trails.iter().map(|(id, attested)| ((*id).to_owned(), trail(attested))).collect());
    Start { name, kosli }
}

/// `i` for `nodeploy-on`, `u` for one with an `until` that has passed, `o` for `nodeploy-off`.
fn trail(attested: &str) -> Trail {
    let attestation = |letter| {
        let name = if letter == 'o' { "nodeploy-off" } else { "nodeploy-on" };
        let mut annotations = BTreeMap::new();
        if letter == 'u' {
            annotations.insert("until".to_owned(), "2024-10-31T11:00:00Z".to_owned());
        }
        Attestation {
            name: name.to_owned(),
            description: Some("Old".to_owned()),
            annotations,
            is_compliant: true,
            at: 0,
            ..Attestation::default()
        }
    };
    Trail { begun: 0, attestations: attested.chars().map(attestation).collect() }
}
