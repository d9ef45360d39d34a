//! The script's own order, put to the same checker: what it loses, each on the shortest way.

use freeze_proof::property::{SCRIPT_ORPHANS_NONE, SCRIPT_RECORDS_ENDS, SCRIPT_STANDS_CLOSED};
use freeze_proof::{Faults, Program, World, explore, start_named};

#[track_caller]
fn breaks(property: &str, cast: Vec<Program>, faults: u8, wanted: &[&str]) {
    let world = World::new(vec![start_named("the script's")], &[cast], &["2024-10-31T12:00:00Z"], Faults(faults));
    let explored = explore(world, None);
    let way = explored.broken.get(property).unwrap_or_else(|| panic!("it holds: {property}"));
    println!("{property}:\n  {}", way.join("\n  "));
    assert_eq!(way[1..], *wanted);
}

#[test]
fn its_off_untags_first_so_a_cut_loses_the_record_of_the_end() {
    let way = [
        "1 [nodeploy.sh off] reads environment",
        "1 [nodeploy.sh off] tags -nodeploy, but the answer is lost",
        "ends with tags {} and trails {2024-10-31T09.00.00 [nodeploy-on]}",
    ];
    breaks(SCRIPT_RECORDS_ENDS, vec![Program::ScriptOff], 1, &way);
}

#[test]
fn its_on_overwrites_so_the_first_freeze_s_trail_is_orphaned() {
    let way = [
        "1 [nodeploy.sh on] tags +nodeploy",
        "1 [nodeploy.sh on] begins the trail 2024-10-31T12.00.00",
        "1 [nodeploy.sh on] attests nodeploy-on to 2024-10-31T12.00.00",
        "ends with tags {nodeploy=2024-10-31T12.00.00} and trails \
         {2024-10-31T09.00.00 [nodeploy-on], 2024-10-31T12.00.00 [nodeploy-on]}",
    ];
    breaks(SCRIPT_ORPHANS_NONE, vec![Program::ScriptOn], 0, &way);
}

#[test]
fn its_off_untags_a_freeze_that_is_not_on_record_yet() {
    let way = [
        "1 [nodeploy.sh on] tags +nodeploy",
        "2 [nodeploy.sh off] reads environment",
        "2 [nodeploy.sh off] tags -nodeploy",
        "2 [nodeploy.sh off] attests nodeploy-off to 2024-10-31T12.00.00",
        "1 [nodeploy.sh on] begins the trail 2024-10-31T12.00.00",
        "1 [nodeploy.sh on] attests nodeploy-on to 2024-10-31T12.00.00",
        "ends with tags {} and trails {2024-10-31T09.00.00 [nodeploy-on], 2024-10-31T12.00.00 [nodeploy-on]}",
    ];
    breaks(SCRIPT_STANDS_CLOSED, vec![Program::ScriptOn, Program::ScriptOff], 0, &way);
}
