//! What Google, Outlook, Apple and AWS write.

use super::{Effect, check_whole, meaning};

#[test]
fn google_holidays() {
    let text = "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\n\
        CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Holidays in United Kingdom\r\nX-WR-TIMEZONE:UTC\r\n\
        BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\nDTSTAMP:20260101T000000Z\r\n\
        UID:20261225_1@google.com\r\nCLASS:PUBLIC\r\nDESCRIPTION:Public holiday: in\\nthe whole country\\, to hi\r\n \
        de it: go to settings\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Christmas Day\r\nTRANSP:TRANSPARENT\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    check_whole(
        text,
        Effect::Freeze,
        &["20261224T2300/20261225T2300"],
        &["line 8: `TRANSP:TRANSPARENT` counts in a freeze"],
    );
}

const OUTLOOK: &str = "BEGIN:VCALENDAR
METHOD:PUBLISH
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E008
RRULE:FREQ=WEEKLY;COUNT=2
EXDATE;TZID=W. Europe Standard Time:20261030T160000
SUMMARY:No deployments
DTSTART;TZID=W. Europe Standard Time:20261023T160000
DTEND;TZID=W. Europe Standard Time:20261023T180000
CLASS:PUBLIC
TRANSP:OPAQUE
STATUS:CONFIRMED
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=START:-PT15M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin\":20261224T160000
DURATION:PT1H
END:VEVENT
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:(UTC+01:00) Amsterdam\\, Berlin
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
";

#[test]
fn outlook() {
    let occurrences = ["20261023T1400/20261023T1600", "20261224T1500/20261224T1600"];
    check_whole(OUTLOOK, Effect::Freeze, &occurrences, &[]);
    // A zone is looked for in its own calendar, and a name of Windows there alone that says nothing else.
    let ours = OUTLOOK.replace("W. Europe Standard Time", "Ours");
    let other = ours.replace("+0100", "+0300").replace("+0200", "+0400");
    let moved = ["20261023T1200/20261023T1400", "20261224T1300/20261224T1400"];
    check_whole(&other, Effect::Freeze, &moved, &[]);
    let both = [moved[0], occurrences[0], moved[1], occurrences[1]];
    check_whole(
        &[&*ours, &other].concat(),
        Effect::Freeze,
        &both,
        &["line 54: several events of one `UID` all count in a freeze (2 times in all)"],
    );
}

#[test]
fn a_calendar_that_is_cut_is_an_error() {
    let end = OUTLOOK.trim_end().len();
    for cut in 0..end {
        assert!(meaning(&OUTLOOK[..cut], Effect::Freeze).is_err(), "cut after {cut} bytes");
    }
    assert!(meaning(&OUTLOOK[..end], Effect::Freeze).is_ok());
}

#[test]
fn a_calendar_may_be_folded_anywhere() {
    for (width, end) in [(1, "\r\n "), (7, "\n\t")] {
        let fold = |line: &str| {
            let parts: Vec<_> =
                line.as_bytes().chunks(width).map(|part| str::from_utf8(part).expect("ASCII")).collect();
            parts.join(end) + "\n"
        };
        let folded: String = OUTLOOK.lines().map(fold).collect();
        assert_eq!(meaning(&folded, Effect::Freeze), meaning(OUTLOOK, Effect::Freeze));
    }
}

#[test]
fn apple() {
    // What the calendar says of a zone that is known to the world is not looked at.
    let text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Apple Inc.//macOS 14.5//EN\nCALSCALE:GREGORIAN\n\
        BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:DAYLIGHT\nTZOFFSETFROM:+9900\nEND:DAYLIGHT\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nCREATED:20260101T120000Z\nUID:6E7A\nDTEND;TZID=Europe/London:20260706T100000\nTRANSP:OPAQUE\n\
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\nSUMMARY:Freeze\nDTSTART;TZID=Europe/London:20260706T090000\n\
        DTSTAMP:20260101T120000Z\nSEQUENCE:1\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:6E7A\nRECURRENCE-ID;TZID=Europe/London:20260707T090000\nSEQUENCE:2\n\
        DTSTART;TZID=Europe/London:20260707T150000\nDTEND;TZID=Europe/London:20260707T160000\nEND:VEVENT\n\
        END:VCALENDAR\n";
    check_whole(
        text,
        Effect::Allow,
        &["20260706T0800/20260706T0900", "20260707T1400/20260707T1500", "20260708T0800/20260708T0900"],
        &[],
    );
}

#[test]
fn aws_change_calendar() {
    let text = "BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\n\
        X-CALENDAR-TYPE:DEFAULT_OPEN\r\nX-WR-CALDESC:\r\nBEGIN:VTODO\r\nDTSTAMP:20200320T004207Z\r\nUID:3b5af39a\r\n\
        SUMMARY:Add events to this calendar.\r\nSTATUS:NEEDS-ACTION\r\nEND:VTODO\r\nBEGIN:VEVENT\r\n\
        DTSTAMP:20210319T000000Z\r\nUID:7e2c\r\nSEQUENCE:0\r\nSUMMARY:Launch\r\n\
        DTSTART;TZID=America/New_York:20260308T010000\r\nDTEND;TZID=America/New_York:20260308T040000\r\n\
        END:VEVENT\r\nEND:VCALENDAR";
    check_whole(text, Effect::Freeze, &["20260308T0600/20260308T0800"], &[]);
    let quirk = "line 4: `X-CALENDAR-TYPE:DEFAULT_OPEN` is for a freeze window, and this one allows";
    check_whole(text, Effect::Allow, &["20260308T0600/20260308T0800"], &[quirk]);
}
