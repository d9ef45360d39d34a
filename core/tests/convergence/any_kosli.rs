//! Koslis and actions as this core, an old script, and a human hand leave them.

use freeze_core::{Action, Freezes};
use kosli_model::{Attestation, Cut, Door, Kosli, Trail, run};
use proptest::prelude::*;

use crate::any_policy::any_policy;
use crate::call_with;

pub(crate) const HOLDERS: [Option<&str>; 3] = [None, Some("steve"), Some("mary & co")];

/// Ids as this core, an old script, and a human hand leave them.
pub(crate) const IDS: [&str; 6] = [
    "2024-10-31T10.44.48~steve",
    "2024-10-31T10.44.48~steve.2",
    "2024-10-31T11.00.00",
    "2024-10-31T11.30.00~maryco.8f3c27c6",
    "release-42",
    "2024-10-31T12.00.00~steve",
];

fn any_flag() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("by=steve&reason=Demo".to_owned()),
        Just("by=mary+%26+co&reason=Rest&until=2024-10-31T11%3A55%3A00Z".to_owned()),
        Just("by=steve&reason=Old&until=2024-10-31T11%3A00%3A00Z".to_owned()),
        Just("by=steve&reason=New&until=2024-10-31T18%3A00%3A00Z".to_owned()),
        Just("reason=Nobody".to_owned()),
        Just("until=tomorrow".to_owned()),
        Just(String::new()),
        ".{0,12}",
    ]
}

fn any_attestation() -> impl Strategy<Value = Attestation> {
    let name = prop_oneof![3 => Just("nodeploy-on"), 1 => Just("nodeploy-off"), 1 => Just("snyk-scan")];
    let until =
        proptest::sample::select(vec![None, Some("2024-10-31T11:00:00Z"), Some("2024-10-31T18:00:00Z"), Some("soon")]);
    let by = proptest::sample::select(&HOLDERS[..]);
    (name, proptest::option::of(".{1,12}"), until, by, 1..900u32, any::<bool>()).prop_map(
        |(name, description, until, by, at, by_sync)| {
            let said = [("until", until), ("by", by), ("recorded_by", by_sync.then_some("sync"))];
            let annotations = said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned())));
            Attestation {
                name: name.to_owned(),
                description,
                annotations: annotations.collect(),
                is_compliant: true,
                at,
                ..Attestation::default()
            }
        },
    )
}

prop_compose! {
    pub(crate) fn any_kosli()(
        signal in proptest::option::of(prop_oneof![
            4 => proptest::sample::select(&IDS[..]).prop_map(str::to_owned),
            1 => Just("null".to_owned()), 1 => Just(String::new()), 1 => Just("Freeze: see #ops!".to_owned()),
        ]),
        flags in proptest::collection::btree_map(proptest::sample::select(&IDS[..]), any_flag(), 0..4),
        odd_flag in proptest::option::weighted(0.05, any_flag()),
        trails in proptest::option::weighted(0.9, proptest::collection::btree_map(
            proptest::sample::select(&IDS[..]), proptest::collection::vec(any_attestation(), 0..4), 0..5)),
        door in proptest::sample::select(vec![Door::Cli, Door::Http]),
    ) -> Kosli {
        let mut kosli = Kosli::new("prod-aws");
        kosli.door = door;
        kosli.tags.insert("team".into(), "core".into());
        kosli.tags.extend(signal.map(|signal| ("nodeploy".to_owned(), signal)));
        kosli.tags.extend(flags.into_iter().map(|(id, value)| (format!("nodeploy.{id}"), value)));
        kosli.tags.extend(odd_flag.map(|value| ("nodeploy.-odd".to_owned(), value)));
        kosli.trails = trails.map(|trails| {
            let trail = |(name, attestations): (&str, _)| (name.to_owned(), Trail { begun: 1, attestations });
            trails.into_iter().map(trail).collect()
        });
        kosli.clock = 1000;
        kosli
    }
}

pub(crate) fn any_action() -> impl Strategy<Value = Action> {
    let by = || proptest::sample::select(&HOLDERS[..]).prop_map(|by| by.map(str::to_owned));
    let id = || proptest::sample::select(&IDS[..]).prop_map(str::to_owned);
    let until = proptest::option::of(Just("2024-10-31T18:00:00Z".to_owned()));
    let freezes = prop_oneof![
        Just(None),
        Just(Some(Freezes::All)),
        proptest::collection::vec(id(), 0..3).prop_map(|ids| Some(Freezes::These(ids))),
    ];
    prop_oneof![
        ("[a-z-]{1,9}", by(), until, proptest::option::weighted(0.2, id()))
            .prop_map(|(reason, by, until, id)| Action::On { reason, by, until, id, except: None }),
        (freezes, by(), proptest::option::of("[ -~]{0,9}")).prop_map(|(freezes, by, reason)| Action::Off {
            freezes,
            by,
            reason
        }),
        Just(Action::Sync {}),
    ]
}

/// A Kosli that people have used, and then a sync with some policy, cut anywhere.
pub(crate) fn any_synced_kosli() -> impl Strategy<Value = Kosli> {
    (any_kosli(), any_policy(), 0..8usize).prop_map(|(mut kosli, policy, at)| {
        let _half = run(&mut kosli, &call_with(Action::Sync {}, &policy), Cut::After(at));
        kosli
    })
}

/// What a hand has set goes on record under the id of the moment: cut before its tag went, twice.
pub(crate) fn without_hand_set_tags(mut kosli: Kosli) -> Kosli {
    kosli.tags.remove("nodeploy.-odd");
    kosli.tags.retain(|key, value| key != "nodeploy" || (IDS.contains(&value.as_str()) && value.starts_with("2024")));
    kosli
}
