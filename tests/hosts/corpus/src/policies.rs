//! Policies around the moments of the generated calls: of every kind of time rule, and such as cannot be read.

use crate::dice::Dice;

/// Each without its name and its braces.
const WINDOWS: [&str; 15] = [
    r#""effect":"freeze","environments":["*"],"timezone":"UTC","from":"2024-10-31T11:01","to":"2024-10-31T12:00""#,
    r#""effect":"freeze","environments":["*"],"timezone":"UTC","from":"2024-11-01T10:00","to":"2024-11-01T11:00""#,
    r#""effect":"freeze","environments":["prod-*"],"timezone":"Europe/Paris","reason":"office closed",
       "from":"2024-10-31T09:00","to":"2024-11-04T09:00""#,
    r#""effect":"freeze","environments":["*"],"timezone":"America/New_York","days":["thu-fri"],
       "from":"06:00","to":"08:30""#,
    r#""effect":"freeze","environments":["*","!prod-*"],"timezone":"UTC","start":"0 0 31 * *","end":"0 9 * * 1""#,
    r#""effect":"freeze","environments":["*"],"timezone":"Australia/Lord_Howe",
       "start":"*/20 * * * *","duration":"PT5M""#,
    r#""effect":"freeze","environments":["*"],"timezone":"Europe/London","dtstart":"2024-01-25T10:30",
       "rrule":"FREQ=MONTHLY;BYDAY=-1TH","duration":"P1DT30M","exdates":["2024-09-26T10:30"]"#,
    r#""effect":"freeze","environments":["*"],"types":["K8S"],"tags":{"team":["c*","x"]},"timezone":"Europe/London",
       "from":"2024-10-27T01:30","to":"2024-12-01""#,
    r#""effect":"freeze","environments":["*"],"timezone":"Europe/London","calendar":
       "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20241031\nSTATUS:TENTATIVE\nEND:VEVENT\nEND:VCALENDAR""#,
    r#""effect":"freeze","environments":["*"],"timezone":"UTC","suspended":true,"from":"2024-10-31","to":"2024-11-30""#,
    r#""effect":"allow","environments":["*"],"timezone":"UTC","from":"2024-10-31T10:30","to":"2024-10-31T11:00""#,
    r#""effect":"allow","environments":["*"],"timezone":"Europe/London","days":["mon-fri"],
       "from":"09:00","to":"11:00""#,
    r#""effect":"allow","environments":["*","!eu*"],"timezone":"Asia/Kathmandu","start":"0 9 * * *","duration":"PT8H""#,
    r#""effect":"freeze","environments":["*"],"timezone":"Africa/Casablanca",
       "from":"2024-03-10T02:30","to":"2024-03-11""#,
    r#""effect":"allow","environments":["*"],"types":["ECS"],"timezone":"UTC","days":["sun"],
       "from":"00:00","to":"24:00""#,
];

const BROKEN: [&str; 10] = [
    "{}",
    "[]",
    r#""nodeploy.yaml""#,
    r#"{"windows":{}}"#,
    r#"{"windows":[],"window":[]}"#,
    r#"{"windows":[{"name":"x","effect":"freeze","environments":["*"],"timezone":"Europe/Lodnon"}]}"#,
    r#"{"windows":[{"name":"x","effect":"freeze","environments":["*"],"timezone":"UTC",
       "start":"0 0 L * *","duration":"P1D"}]}"#,
    r#"{"windows":[{"name":"\u202ex","effect":"freeze","environments":["*"],"timezone":"UTC"}]}"#,
    r#"{"windows":[{"name":"x","effect":"freeze","environments":["*"],"timezone":"UTC",
       "from":"24.12.","to":"\u001b[31m"}]}"#,
    r#"{"windows":[{"name":"x","effect":"freeze","environments":["*"],"timezone":"UTC",
       "calendar":"BEGIN:VCALENDAR"}]}"#,
];

/// Three in ten times none, once one that cannot be read.
pub(crate) fn any(dice: &mut Dice) -> Option<String> {
    match dice.roll(10) {
        0..3 => None,
        3 => Some(dice.pick(&BROKEN).to_owned()),
        _ => {
            let windows: Vec<String> =
                (0..dice.roll(4)).map(|at| format!(r#"{{"name":"w{at}",{}}}"#, dice.pick(&WINDOWS))).collect();
            Some(format!(r#"{{"windows":[{}]}}"#, windows.join(",")))
        }
    }
}
