//! Property: from any Kosli and any cut, every action settles, stays settled, and harms nobody else's freeze.

use std::collections::BTreeMap;

use freeze_core::{
    Action, Answer, Call, Decision, Deployment, Environment, Freezes, Question, RawResult, Settings, State, observe,
    plan,
};
use kosli_model::{Attestation, Cut, Door, Kosli, Run, Trail, run};
use proptest::prelude::*;

const NOW: &str = "2024-10-31T12:00:00Z";
const HOLDERS: [Option<&str>; 3] = [None, Some("steve"), Some("mary & co")];

/// Ids as this core, an old script, and a human hand leave them.
const IDS: [&str; 6] = [
    "2024-10-31T10.44.48~steve",
    "2024-10-31T10.44.48~steve.2",
    "2024-10-31T11.00.00",
    "2024-10-31T11.30.00~maryco.8f3c27c6",
    "release-42",
    "2024-10-31T12.00.00~steve",
];

fn call(action: Action) -> Call {
    Call {
        action,
        now: NOW.parse().expect("an instant"),
        environment: Environment::Name("prod-aws".into()),
        observed: BTreeMap::new(),
        settings: Settings::default(),
        policy: None,
        members: None,
        since: None,
    }
}

fn call_with(action: Action, policy: &str) -> Call {
    Call { policy: Some(policy.to_owned()), ..call(action) }
}

fn assert(kosli: &Kosli) -> Answer {
    run(&mut kosli.clone(), &call(Action::assert()), Cut::Never).last
}

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
    fn any_kosli()(
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

fn any_action() -> impl Strategy<Value = Action> {
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

/// Windows around the moment: active, not yet, no longer, suspended, several at once, one after the other without a
/// break, and allow windows.
const WINDOWS: [&str; 14] = [
    r#""effect": "freeze", "reason": "closing", "from": "2024-10-31T09:00", "to": "2024-10-31T18:00""#,
    r#""effect": "freeze", "reason": "closing", "from": "2024-10-31T09:00", "to": "2024-10-31T20:00""#,
    r#""effect": "freeze", "from": "2024-10-31T12:00", "to": "2024-11-01""#,
    r#""effect": "freeze", "from": "2024-10-31T12:00:01", "to": "2024-11-01""#,
    r#""effect": "freeze", "from": "2024-10-31T09:00", "to": "2024-10-31T12:00""#,
    r#""effect": "freeze", "suspended": true, "from": "2024-10-31T09:00", "to": "2024-10-31T18:00""#,
    r#""effect": "freeze", "reason": "-dash & more", "days": ["thu"], "from": "00:00", "to": "24:00""#,
    r#""effect": "freeze", "reason": " ", "start": "0 18 * * 3", "end": "0 6 * * 5""#,
    concat!(
        r#""effect": "freeze", "calendar": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20241031\nEND:VEVENT\n"#,
        r#"BEGIN:VEVENT\nDTSTART:20241031T110000\nDURATION:P1D\nEND:VEVENT\nEND:VCALENDAR""#
    ),
    r#""effect": "allow", "days": ["mon-wed"], "from": "09:00", "to": "16:00""#,
    r#""effect": "allow", "days": ["fri"], "from": "09:00", "to": "16:00""#,
    r#""effect": "freeze", "days": ["wed-fri"], "from": "00:00", "to": "24:00""#,
    r#""effect": "freeze", "start": "0 8-23 * * *", "duration": "PT1H""#,
    r#""effect": "freeze", "days": ["mon-sun"], "from": "00:00", "to": "24:00""#,
];

/// Names of policies, and how the ids of the freezes of their windows end.
const NAMES: [(Option<&str>, [&str; 2]); 3] = [
    (None, ["~windowa.e09a30b5", "~windowbc.2f912a93"]),
    (Some("release"), ["~windowreleasea.75fe58c3", "~windowreleasebc.a8c3c5c5"]),
    (Some("data"), ["~windowdataa.5d8220ae", "~windowdatabc.f2581394"]),
];

/// Two windows that keep their names, or lose one, whatever their rules become.
fn any_windows() -> impl Strategy<Value = String> {
    let rules = || proptest::option::weighted(0.8, proptest::sample::select(&WINDOWS[..]));
    (rules(), rules()).prop_map(|rules| {
        let window = |name: &str, rule: Option<&str>| {
            Some(format!(r#"{{"name": "{name}", "environments": ["prod-*"], "timezone": "UTC", {}}}"#, rule?))
        };
        let windows: Vec<_> = window("a", rules.0).into_iter().chain(window("b & c", rules.1)).collect();
        windows.join(", ")
    })
}

fn named_policy(owner: usize, windows: &str) -> String {
    let name = serde_json::to_string(&NAMES[owner].0).expect("a name is JSON");
    format!(r#"{{"policy": {name}, "windows": [{windows}]}}"#)
}

fn any_policy() -> impl Strategy<Value = String> {
    (0..2usize, any_windows()).prop_map(|(owner, windows)| named_policy(owner, &windows))
}

/// A Kosli that people have used, and then a sync with some policy, cut anywhere.
fn any_synced_kosli() -> impl Strategy<Value = Kosli> {
    (any_kosli(), any_policy(), 0..8usize).prop_map(|(mut kosli, policy, at)| {
        let _half = run(&mut kosli, &call_with(Action::Sync {}, &policy), Cut::After(at));
        kosli
    })
}

/// Active freeze windows, as the gate tells them.
fn freezing(kosli: &Kosli, policy: &str) -> usize {
    let gate = run(&mut kosli.clone(), &call_with(Action::assert(), policy), Cut::Never).last;
    let json = serde_json::to_value(&gate.windows).expect("windows are JSON");
    json.as_array().into_iter().flatten().filter(|window| window["effect"] == "freeze").count()
}

fn ended(kosli: &Kosli) -> Vec<String> {
    let trails = kosli.trails.iter().flatten();
    trails.filter(|(_, trail)| trail.has("nodeploy-off")).map(|(name, _)| name.clone()).collect()
}

/// Tags and records say so by themselves, whatever the time: an independent and a narrow word for closed.
fn is_frozen_for_good(kosli: &Kosli) -> bool {
    let trail = |id: &str| kosli.trails.as_ref().and_then(|trails| trails.get(id));
    let has_ended = |id: &str| trail(id).is_some_and(|trail| trail.has("nodeploy-off"));
    let flag = |(key, value): (&String, &String)| {
        key.strip_prefix("nodeploy.").is_some_and(|id| !has_ended(id) && !value.contains("until="))
    };
    let is_endless = |trail: &Trail| {
        let ons = || trail.attestations.iter().filter(|one| one.name == "nodeploy-on");
        ons().count() > 0 && !trail.has("nodeploy-off") && ons().all(|on| !on.annotations.contains_key("until"))
    };
    let has_flag = |(id, _): &(&String, &Trail)| kosli.tags.contains_key(&format!("nodeploy.{id}"));
    let has_record = || kosli.trails.iter().flatten().any(|found| is_endless(found.1) && !has_flag(&found));
    let signal = kosli.tags.get("nodeploy");
    let signal = signal.is_some_and(|id| !kosli.tags.contains_key(&format!("nodeploy.{id}")));
    signal || kosli.tags.iter().any(flag) || has_record()
}

/// One look, without the read `broken`; whether that read was asked for.
fn look(kosli: &Kosli, call: &Call, broken: Option<usize>) -> (Answer, bool) {
    let mut call = call.clone();
    let mut is_broken = false;
    loop {
        let reads = observe(&call);
        if reads.is_empty() {
            return (plan(&call), is_broken);
        }
        for read in reads {
            let result = if Some(call.observed.len()) == broken {
                is_broken = true;
                RawResult::Http { status: 502, body: "<html>".into(), date: None }
            } else {
                kosli.read(&read)
            };
            call.observed.insert(read.name(), result);
        }
    }
}

/// What a hand has set goes on record under the id of the moment: cut before its tag went, twice.
fn without_hand_set_tags(mut kosli: Kosli) -> Kosli {
    kosli.tags.remove("nodeploy.-odd");
    kosli.tags.retain(|key, value| key != "nodeploy" || (IDS.contains(&value.as_str()) && value.starts_with("2024")));
    kosli
}

fn is_open(answer: &Answer) -> bool {
    answer.freezes.iter().any(|freeze| freeze.state == State::Open)
}

fn named(mut action: Action, settled: &Run) -> Action {
    if let (Action::On { id, .. }, Some(Action::On { id: chosen, .. })) = (&mut action, &settled.last.action) {
        id.clone_from(chosen);
    }
    action
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_action_settles_and_stays_settled(kosli in any_kosli(), action in any_action()) {
        let mut after = kosli.clone();
        let first = run(&mut after, &call(action.clone()), Cut::Never);
        prop_assert!(first.is_settled, "{:?}", first);
        let state = after.end_state();
        let second = run(&mut after, &call(named(action, &first)), Cut::Never);
        prop_assert_eq!(second.commands, 0, "{:?}", second);
        prop_assert_eq!(after.end_state(), state);
    }

    #[test]
    fn a_run_that_was_cut_ends_like_one_that_was_not(kosli in any_kosli(), action in any_action()) {
        let kosli = without_hand_set_tags(kosli);
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &call(action.clone()), Cut::Never);
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let half = run(&mut cut, &call(action.clone()), Cut::After(at));
            let explicit = half.last.action.clone().expect("a readable call has an action");
            let rest = run(&mut cut, &call(explicit), Cut::Never);
            prop_assert!(rest.is_settled);
            prop_assert_eq!(cut.end_state(), whole.end_state(), "cut after {}", at);
        }
    }

    #[test]
    fn the_gate_is_closed_at_every_cut_of_an_on(kosli in any_kosli(), by in 0..3usize) {
        let on = call(Action::On { reason: "x".into(), by: HOLDERS[by].map(str::to_owned), until: None, id: None, except: None });
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &on, Cut::Never);
        prop_assert_eq!(uncut.last.decision, Decision::Proceed);
        for at in 1..=uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &on, Cut::After(at));
            prop_assert_eq!(assert(&cut).decision, Decision::Refuse, "cut after {}", at);
        }
        prop_assert_eq!(assert(&whole).decision, Decision::Refuse);
    }

    #[test]
    fn off_ends_only_what_it_means(kosli in any_kosli(), by in 0..3usize, all in any::<bool>()) {
        let holder = HOLDERS[by].map(str::to_owned);
        let before = assert(&kosli);
        let mut after = kosli.clone();
        let freezes = all.then_some(Freezes::All);
        let off = run(&mut after, &call(Action::Off { freezes, by: holder.clone(), reason: None }), Cut::Never);
        prop_assert!(off.is_settled);
        // Without a word it neither succeeds nor changes anything.
        let lifts_nothing = off.last.reason == "none_of_yours" && off.commands == 0 && is_open(&before) && !all;
        prop_assert_eq!(off.last.decision == Decision::Refuse, lifts_nothing, "{:?}", off.last);
        prop_assert!(off.last.reason != "not_frozen" || assert(&after).decision == Decision::Proceed);
        let was_ended = ended(&kosli);
        for id in ended(&after).iter().filter(|id| !was_ended.contains(id)) {
            // An unusual name is cut down in an id; and what a hand has set gets an id of its own.
            let held_by = |by: &Option<String>| *by == holder || (by.as_deref() == Some("maryco.8f3c27c6") && holder.as_deref() == Some("mary & co"));
            let target = before.freezes.iter().find(|freeze| freeze.id == *id);
            prop_assert!(all || target.is_none_or(|freeze| held_by(&freeze.by)), "{} was ended by {:?}", id, holder);
        }
        if all {
            prop_assert_eq!(assert(&after).decision, Decision::Proceed);
            prop_assert!(!after.tags.keys().any(|key| key.starts_with("nodeploy")));
        }
    }

    #[test]
    fn a_repeated_off_ends_as_the_first_did(kosli in any_kosli(), by in 0..3usize) {
        let mut kosli = kosli;
        let by = HOLDERS[by].map(str::to_owned);
        let on = call(Action::On { reason: "x".into(), by: by.clone(), until: None, id: None, except: None });
        let off = call(Action::Off { freezes: None, by: by.clone(), reason: None });
        let _frozen = run(&mut kosli, &on, Cut::Never);
        let first = run(&mut kosli, &off, Cut::Never);
        prop_assert_eq!(first.last.decision, Decision::Proceed, "{:?}", first.last);
        // Which freeze was whose, only its id still tells; one of those above has a name that is not quite mary's.
        let name = by.map_or(String::new(), |by| format!("~{}", &by[..4]));
        let names = |id: &String| id.contains('~') != name.is_empty() && id.contains(&name) && id != IDS[3];
        let Some(Action::Off { freezes: Some(Freezes::These(ids)), .. }) = first.last.action else { unreachable!("an off") };
        if ids.iter().any(names) {
            let second = run(&mut kosli, &off, Cut::Never);
            prop_assert_eq!(second.last.decision, Decision::Proceed, "{:?}", second.last);
        }
    }

    #[test]
    fn a_question_about_what_is_closed_never_proceeds(
        kosli in any_kosli(), at in any::<bool>(), policy in 0..4usize, broken in proptest::option::weighted(0.3, 0..5usize),
    ) {
        let at = at.then(|| "2024-10-31T17:00:00Z".to_owned());
        let policy = [None, Some(WINDOWS[5]), Some(WINDOWS[0]), Some(WINDOWS[9])][policy];
        let is_closed = policy.is_some_and(|rule| rule != WINDOWS[5]) || is_frozen_for_good(&kosli);
        let policy = policy.map(|rule| {
            format!(r#"{{"windows": [{{"name": "a", "environments": ["prod-*"], "timezone": "UTC", {rule}}}]}}"#)
        });
        let ask = |action| look(&kosli, &Call { policy: policy.clone(), ..call(action) }, broken);
        let (gate, is_broken) = ask(Action::Assert(Deployment { at: at.clone(), ..Deployment::default() }));
        let (status, _) = ask(Action::Status(Question { at, ..Question::default() }));
        prop_assert!(!is_closed && !is_broken || gate.decision != Decision::Proceed, "{:?}", gate);
        prop_assert_eq!((gate.decision, gate.reason, &gate.summary), (status.decision, status.reason, &status.summary));
        let holds = gate.freezes.iter().any(|freeze| freeze.state == State::Open && freeze.until.is_none());
        prop_assert!(!(holds || gate.opens_at.is_some()) || gate.decision != Decision::Proceed, "{:?}", gate);
    }

    #[test]
    fn a_sync_brings_signal_and_record_into_agreement(kosli in any_kosli()) {
        let mut after = kosli.clone();
        let before = assert(&kosli);
        let sync = run(&mut after, &call(Action::Sync {}), Cut::Never);
        prop_assert!(sync.is_settled);
        let gate = assert(&after);
        prop_assert_eq!(gate.decision == Decision::Refuse, after.tags.contains_key("nodeploy"));
        // It opens nothing but what a left-over tag kept closed, and it closes nothing.
        prop_assert_eq!(is_open(&before), gate.decision == Decision::Refuse);
    }

    #[test]
    fn the_document_alone_is_enough(kosli in any_kosli(), action in any_action()) {
        let document = serde_json::json!({"name": "prod-aws", "tags": kosli.tags}).to_string();
        let alone = |action| plan(&Call { environment: Environment::Document(document.clone()), ..call(action) });
        prop_assert_ne!(alone(action).decision, Decision::Error);
        let gate = alone(Action::assert());
        prop_assert!(gate.commands.is_empty());
        let is_quiet = !kosli.tags.keys().any(|key| key.starts_with("nodeploy"));
        prop_assert!(!is_quiet || gate.decision == Decision::Proceed);
        // Over a tag that is up it proceeds only if every flag says that its end has come.
        let has_expired = gate.freezes.iter().all(|freeze| freeze.state == State::Expired);
        prop_assert!(gate.decision == Decision::Refuse || has_expired);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_sync_of_windows_settles_and_stays_settled(kosli in any_synced_kosli(), policy in any_policy()) {
        let sync = call_with(Action::Sync {}, &policy);
        let mut after = kosli;
        let first = run(&mut after, &sync, Cut::Never);
        prop_assert!(first.is_settled && first.last.decision == Decision::Proceed, "{:?}", first);
        let state = after.end_state();
        let second = run(&mut after, &sync, Cut::Never);
        prop_assert_eq!(second.commands, 0, "{:?}", second);
        prop_assert_eq!(after.end_state(), state);
    }

    #[test]
    fn a_sync_of_windows_that_was_cut_ends_like_one_that_was_not(kosli in any_synced_kosli(), policy in any_policy()) {
        let kosli = without_hand_set_tags(kosli);
        let sync = call_with(Action::Sync {}, &policy);
        let mut whole = kosli.clone();
        let uncut = run(&mut whole, &sync, Cut::Never);
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(run(&mut cut, &sync, Cut::Never).is_settled);
            prop_assert_eq!(cut.end_state(), whole.end_state(), "cut after {}", at);
        }
    }

    #[test]
    fn a_sync_of_windows_ends_nobody_s_freeze(kosli in any_synced_kosli(), policy in any_policy()) {
        let kosli = without_hand_set_tags(kosli);
        let (before, was_ended) = (assert(&kosli), ended(&kosli));
        let mut after = kosli;
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        let ended = ended(&after);
        for id in ended.iter().filter(|id| !was_ended.contains(id)) {
            let freeze = before.freezes.iter().find(|freeze| freeze.id == *id);
            let (_, endings) = NAMES[1];
            let is_its_own = policy.contains("release") && endings.iter().any(|ending| id.contains(ending));
            let has_expired = freeze.is_some_and(|freeze| freeze.state == State::Expired);
            prop_assert!(has_expired || is_its_own, "{} was ended", id);
        }
        // What somebody has lifted stays lifted.
        prop_assert!(was_ended.iter().all(|id| ended.contains(id)));
    }

    #[test]
    fn old_gates_are_closed_while_a_window_is_active(kosli in any_kosli(), policy in any_policy()) {
        let mut after = kosli;
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        let is_active = freezing(&after, &policy) > 0;
        prop_assert!(!is_active || after.tags.contains_key("nodeploy"), "{:?}", after.tags);
        // The gate of who has no policy, too.
        prop_assert!(!is_active || assert(&after).decision == Decision::Refuse);
        // An old script lifts by taking the signal; the next sync raises it.
        after.tags.remove("nodeploy");
        let _run = run(&mut after, &call_with(Action::Sync {}, &policy), Cut::Never);
        prop_assert!(!is_active || after.tags.contains_key("nodeploy"), "{:?}", after.tags);
    }

    #[test]
    fn the_gate_of_windows_is_closed_at_every_cut_of_their_sync(kosli in any_synced_kosli(), policy in any_policy()) {
        let sync = call_with(Action::Sync {}, &policy);
        let is_active = freezing(&kosli, &policy) > 0;
        let gate = |kosli: &Kosli| run(&mut kosli.clone(), &call_with(Action::assert(), &policy), Cut::Never).last;
        let uncut = run(&mut kosli.clone(), &sync, Cut::Never);
        for at in 0..=uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(!is_active || gate(&cut).decision == Decision::Refuse, "cut after {}", at);
        }
    }

    #[test]
    fn a_gate_without_the_policy_is_closed_at_every_cut_between_two_closed_ends(
        kosli in any_synced_kosli(), policy in any_policy()
    ) {
        let sync = call_with(Action::Sync {}, &policy);
        let mut after = kosli.clone();
        let uncut = run(&mut after, &sync, Cut::Never);
        let is_closed = |kosli: &Kosli| assert(kosli).decision == Decision::Refuse;
        for at in 0..uncut.commands {
            let mut cut = kosli.clone();
            let _half = run(&mut cut, &sync, Cut::After(at));
            prop_assert!(is_closed(&cut) || !is_closed(&kosli) || !is_closed(&after), "cut after {}", at);
        }
    }
}

/// One after the other, on one environment.
#[derive(Clone, Debug)]
enum Step {
    /// One of the two policies, as it is by then; cut or not.
    Sync {
        owner: usize,
        windows: String,
        cut: Option<usize>,
    },
    On {
        by: usize,
    },
    Off {
        by: usize,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let cut = proptest::option::weighted(0.2, 0..8usize);
    prop_oneof![
        6 => (0..2usize, any_windows(), cut).prop_map(|(owner, windows, cut)| Step::Sync { owner, windows, cut }),
        1 => (0..3usize).prop_map(|by| Step::On { by }),
        1 => (0..3usize).prop_map(|by| Step::Off { by }),
    ]
}

fn at(minutes: i64, call: Call) -> Call {
    Call { now: call.now + chrono::TimeDelta::minutes(minutes), ..call }
}

/// Until when a policy closes an environment that nobody has frozen, in minutes, if a freeze window is active.
fn closes_until(policy: &str, minutes: i64) -> Option<i64> {
    let document = r#"{"name": "prod-aws", "type": "server", "tags": {}}"#;
    let asked = at(minutes, call_with(Action::assert(), policy));
    let now = call(Action::assert()).now;
    let gate = plan(&Call { environment: Environment::Document(document.to_owned()), ..asked });
    let json = serde_json::to_value(&gate).expect("an answer is JSON");
    let is_active = json["windows"].as_array().into_iter().flatten().any(|window| window["effect"] == "freeze");
    let opening =
        json["opens_at"].as_str().map(|opens| opens.parse::<chrono::DateTime<chrono::Utc>>().expect("RFC 3339"));
    let until = opening.map_or(i64::MAX, |opening| (opening - now).num_minutes());
    (is_active && gate.decision == Decision::Refuse).then_some(until)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Of two policies, whose windows have the same names: whoever syncs, edits, freezes and lifts in between.
    #[test]
    fn a_recorded_window_is_closed_until_its_policy_opens(
        kosli in any_kosli(),
        names in prop_oneof![Just([0, 1]), Just([1, 2]), Just([0, 0])],
        steps in proptest::collection::vec((any_step(), 0..900i64), 1..6),
    ) {
        let mut kosli = without_hand_set_tags(kosli);
        // Until when each of the policies closes, by its latest sync that was not cut.
        let mut closed = [None, None];
        let (mut minutes, steps_end) = (0, steps.len());
        for (place, (step, pause)) in steps.into_iter().enumerate() {
            match step {
                Step::Sync { owner, windows, cut } => {
                    let policy = named_policy(names[owner], &windows);
                    let sync = at(minutes, call_with(Action::Sync {}, &policy));
                    let before = ended(&kosli);
                    let cut = cut.map_or(Cut::Never, Cut::After);
                    let made = run(&mut kosli, &sync, cut);
                    let until = closes_until(&policy, minutes);
                    // A policy that was edited may end what it has closed itself; cut, it has done a part of that.
                    closed[owner] = until.filter(|_| made.is_settled);
                    // It ends none of the other's, nor anybody's that has not expired.
                    let other = NAMES[names[1 - owner]];
                    for id in ended(&kosli).iter().filter(|id| !before.contains(id)) {
                        let is_other_s = names[0] != names[1] && other.1.iter().any(|ending| id.contains(ending));
                        let off = &kosli.trails.as_ref().expect("a flow")[id].attestations;
                        let has_expired = off.iter().any(|off| off.annotations.contains_key("until") && off.description.as_deref().is_some_and(|text| text.starts_with("expired")));
                        prop_assert!(has_expired || !is_other_s, "{} was ended by {}", id, policy);
                    }
                }
                Step::On { by } => {
                    let by = HOLDERS[by].map(str::to_owned);
                    let on = Action::On { reason: "x".into(), by, until: None, id: None, except: None };
                    let _run = run(&mut kosli, &at(minutes, call(on)), Cut::Never);
                }
                Step::Off { by } => {
                    let by = HOLDERS[by].map(str::to_owned);
                    let off = Action::Off { freezes: None, by, reason: None };
                    let _run = run(&mut kosli, &at(minutes, call(off)), Cut::Never);
                }
            }
            let next = if place + 1 == steps_end { minutes + 20_000 } else { minutes + pause };
            for until in closed.into_iter().flatten() {
                let last = until.min(next);
                let samples = (0..=6).map(|part| minutes + (last - minutes - 1) * part / 6);
                for sample in samples.filter(|sample| (minutes..last).contains(sample)) {
                    let gate = run(&mut kosli.clone(), &at(sample, call(Action::assert())), Cut::Never).last;
                    prop_assert_eq!(gate.decision, Decision::Refuse, "at {} of {}, after step {}", sample, until, place);
                    prop_assert!(kosli.tags.contains_key("nodeploy"), "the script's gate at {}", sample);
                }
            }
            minutes += pause;
        }
    }

    #[test]
    fn who_lifts_a_window_lifts_its_run(
        rule in proptest::sample::select(&WINDOWS[..]), owner in 0..2usize, pause in 4..900i64, edit in any_windows()
    ) {
        let mut kosli = Kosli::new("prod-aws");
        let window = format!(r#"{{"name": "a", "environments": ["prod-*"], "timezone": "UTC", {rule}}}"#);
        let policy = named_policy(owner, &window);
        let lift = || call(Action::Off { freezes: Some(Freezes::All), by: Some("mary".into()), reason: None });
        let _run = run(&mut kosli, &call_with(Action::Sync {}, &policy), Cut::Never);
        let _run = run(&mut kosli, &at(1, lift()), Cut::Never);
        // Edited for a while, and back as it was.
        let _run = run(&mut kosli, &at(2, call_with(Action::Sync {}, &named_policy(owner, &edit))), Cut::Never);
        let _run = run(&mut kosli, &at(3, lift()), Cut::Never);
        let _run = run(&mut kosli, &at(pause, call_with(Action::Sync {}, &policy)), Cut::Never);
        if closes_until(&policy, 0).is_some_and(|until| pause < until) {
            let gate = run(&mut kosli.clone(), &at(pause, call(Action::assert())), Cut::Never).last;
            prop_assert_eq!(gate.decision, Decision::Proceed, "{:?}", gate.freezes);
        }
    }
}
