//! What cannot hold, since Kosli has no compare-and-set: the shortest way there, and that the next look sees it.
//!
//! Each world here keeps everything in `MUST_HOLD`: in every state of it, also where the way ends, the gate is closed
//! while a freeze stands on record, and a `sync` there and then mends what is wrong.

use freeze_proof::property::{
    CUT_DESPITE_WIPE, ENDS_OF_HANDS_HIT_NOBODY, GATE_SEES_DESPITE_OTHERS, MUST_HOLD, RIVALS_END_ONCE,
    SIGNAL_DESPITE_DEATH, SIGNAL_DESPITE_SCRIPT, SIGNAL_DESPITE_WIPE, STANDING_IS_CLOSED, SYNC_MENDS,
};
use freeze_proof::{Faults, Program, Start, World, buried, explore, start_named};

const NOW: [&str; 1] = ["2024-10-31T12:00:00Z"];

const STEVE: Option<&str> = Some("steve");

/// Checks that `property` breaks, what comes last on the shortest way there, and that nothing else breaks.
#[track_caller]
fn breaks(property: &str, start: Start, cast: Vec<Program>, faults: u8, last: &[&str]) {
    let explored = explore(World::new(vec![start], &[cast], &NOW, Faults(faults)), None);
    let way = explored.broken.get(property).unwrap_or_else(|| panic!("it holds: {property}"));
    println!("{property}:\n  {}", way.join("\n  "));
    assert_eq!(way[way.len() - last.len()..], *last, "{way:#?}");
    for property in MUST_HOLD {
        assert_eq!(explored.broken.get(property), None, "{property}");
    }
}

#[test]
fn the_script_s_off_takes_the_signal_away_under_our_flags() {
    let cast = vec![Program::on(STEVE, "A", None), Program::ScriptOff];
    breaks(
        SIGNAL_DESPITE_SCRIPT,
        start_named("the script's"),
        cast,
        0,
        &[
            "2 [nodeploy.sh off] reads environment",
            "2 [nodeploy.sh off] tags -nodeploy",
            "2 [nodeploy.sh off] attests nodeploy-off to 2024-10-31T09.00.00",
            "ends with tags {nodeploy.2024-10-31T12.00.00~steve=by=steve&reason=A} and trails \
         {2024-10-31T09.00.00 [nodeploy-on nodeploy-off], 2024-10-31T12.00.00~steve [nodeploy-on]}",
        ],
    );
}

#[test]
fn a_host_that_dies_leaves_the_signal_to_the_next() {
    let cast = vec![Program::off(STEVE), Program::on(Some("mary"), "A", None)];
    breaks(
        SIGNAL_DESPITE_DEATH,
        start_named("steve's"),
        cast,
        1,
        &[
            "2 [on -r A --by mary] reads environment",
            "1 [off --by steve] tags -nodeploy -nodeploy.2024-10-31T10.44.48~steve",
            "1 [off --by steve] reads trails",
            "1 [off --by steve] reads environment",
            "2 [on -r A --by mary] tags +nodeploy.2024-10-31T12.00.00~mary",
            "2 [on -r A --by mary] begins the trail 2024-10-31T12.00.00~mary",
            "2 [on -r A --by mary] attests nodeploy-on to 2024-10-31T12.00.00~mary",
            "2 [on -r A --by mary] is killed",
            "ends with tags {nodeploy.2024-10-31T12.00.00~mary=by=mary&reason=A} and trails \
         {2024-10-31T10.44.48~steve [nodeploy-on nodeploy-off], 2024-10-31T12.00.00~mary [nodeploy-on]}",
        ],
    );
}

#[test]
fn a_wipe_opens_the_script_s_gate() {
    let cast = vec![Program::on(STEVE, "A", None), Program::Wipe];
    breaks(
        SIGNAL_DESPITE_WIPE,
        start_named("clean"),
        cast,
        0,
        &[
            "2 [terraform apply] removes every tag of ours",
            "ends with tags {} and trails {2024-10-31T12.00.00~steve [nodeploy-on]}",
        ],
    );
}

#[test]
fn a_gate_looks_at_the_record_before_it_begins_and_at_the_tags_after_they_are_wiped() {
    let cast = vec![Program::on(STEVE, "A", None), Program::assert(), Program::Wipe];
    breaks(
        GATE_SEES_DESPITE_OTHERS,
        start_named("clean"),
        cast,
        0,
        &[
            "1 [on -r A --by steve] begins the trail 2024-10-31T12.00.00~steve",
            "2 [assert] begins a round",
            "2 [assert] reads trails",
            "1 [on -r A --by steve] attests nodeploy-on to 2024-10-31T12.00.00~steve",
            "3 [terraform apply] removes every tag of ours",
            "2 [assert] reads environment",
            "ends with tags {} and trails {2024-10-31T12.00.00~steve [nodeploy-on]}",
        ],
    );
}

#[test]
fn a_gate_looks_between_the_script_s_untagging_and_its_record() {
    let cast = vec![Program::ScriptOn, Program::assert(), Program::ScriptOff];
    breaks(
        GATE_SEES_DESPITE_OTHERS,
        start_named("clean"),
        cast,
        0,
        &[
            "1 [nodeploy.sh on] attests nodeploy-on to 2024-10-31T12.00.00",
            "3 [nodeploy.sh off] reads environment",
            "3 [nodeploy.sh off] tags -nodeploy",
            "2 [assert] reads environment",
            "ends with tags {} and trails {2024-10-31T12.00.00 [nodeploy-on]}",
        ],
    );
}

/// Both take the first id of the second that nobody has. The `on` says in its second look that it was lifted.
#[test]
fn the_end_of_what_a_hand_has_set_hits_a_freeze_of_the_same_second_and_holder() {
    let cast = vec![Program::off(None), Program::on(None, "A", None)];
    breaks(
        ENDS_OF_HANDS_HIT_NOBODY,
        start_named("a signal by hand"),
        cast,
        0,
        &[
            "1 [off] begins the trail 2024-10-31T12.00.00",
            "2 [on -r A] reads environment",
            "2 [on -r A] reads flow",
            "2 [on -r A] tags +nodeploy.2024-10-31T12.00.00",
            "1 [off] attests nodeploy-off to 2024-10-31T12.00.00",
            "ends with tags {nodeploy=see #ops!, nodeploy.2024-10-31T12.00.00=reason=A} and trails \
         {2024-10-31T12.00.00 [nodeploy-off]}",
        ],
    );
}

#[test]
fn a_wipe_before_the_record_begins_leaves_nothing_to_find() {
    let cast = vec![Program::on(STEVE, "A", None), Program::Wipe];
    breaks(
        CUT_DESPITE_WIPE,
        start_named("clean"),
        cast,
        1,
        &[
            "1 [on -r A --by steve] tags +nodeploy +nodeploy.2024-10-31T12.00.00~steve",
            "1 [on -r A --by steve] is killed",
            "2 [terraform apply] removes every tag of ours",
            "ends with tags {} and trails {}",
        ],
    );
}

#[test]
fn two_hosts_that_lift_the_same_freeze_both_put_its_end_on_record() {
    let cast = vec![Program::off(STEVE), Program::off(STEVE)];
    breaks(
        RIVALS_END_ONCE,
        start_named("steve's"),
        cast,
        0,
        &[
            "2 [off --by steve] attests nodeploy-off to 2024-10-31T10.44.48~steve",
            "2 [off --by steve] tags -nodeploy -nodeploy.2024-10-31T10.44.48~steve",
            "2 [off --by steve] reads trails",
            "2 [off --by steve] reads environment",
            "ends with tags {} and trails {2024-10-31T10.44.48~steve [nodeploy-on nodeploy-off nodeploy-off]}",
        ],
    );
}

#[test]
fn a_wiped_freeze_under_a_hundred_newer_trails_is_seen_by_the_next_sync() {
    let explored = explore(World::new(vec![buried()], &[vec![Program::sync()]], &NOW, Faults(0)), None);
    let way = explored.broken.get(STANDING_IS_CLOSED).expect("the gate reads one page");
    assert_eq!(way.len(), 2, "it begins so: {way:#?}");
    assert!(explored.states > 5);
    assert_eq!(explored.broken.get(SYNC_MENDS), None);
}
