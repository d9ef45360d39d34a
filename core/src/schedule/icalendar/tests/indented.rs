//! Lines that would be a part of the line before, and go unseen: somebody has indented them, or ended that one otherwise.

use super::{Effect, check_whole, meaning, wrap};

#[test]
fn an_indented_line_is_an_error() {
    let calendar =
        "BEGIN:VCALENDAR\nVERSION:2.0\n\tBEGIN:VEVENT\n\tDTSTART;VALUE=DATE:20261225\n\tEND:VEVENT\nEND:VCALENDAR";
    let text = "line 3: `BEGIN:VEVENT` is indented, which makes it a part of the line before; begin it at the margin";
    for (blanks, line) in [("\n\t", "\n\t"), ("\n\t", "\n  "), ("\n\t", "\n    "), ("\n\t", "\r\n\t")] {
        let calendar = calendar.replace(blanks, line);
        assert_eq!(meaning(&calendar, Effect::Freeze).err().as_deref(), Some(text), "{calendar:?}");
        assert!(meaning(&calendar, Effect::Allow).is_err(), "{calendar:?}");
    }
    let event = "DTSTART;VALUE=DATE:20251225|SUMMARY:x";
    for line in [
        "RRULE:FREQ=YEARLY",
        "rrule:FREQ=YEARLY",
        "STATUS:CANCELLED",
        "DTEND;VALUE=DATE:20261226",
        "EXDATE;VALUE=DATE:20251225",
        "RECURRENCE-ID;VALUE=DATE:20251225",
        "END:VEVENT",
    ] {
        for blanks in [" ", "\t", " \t "] {
            let text = wrap(&format!("{event}|{blanks}{line}"));
            let error = meaning(&text, Effect::Freeze).expect_err(line);
            assert!(error.starts_with(&format!("line 5: `{line}` is indented")), "{error}");
        }
    }
}

#[test]
fn a_line_behind_a_bare_carriage_return_is_an_error() {
    let event = "END:VEVENT\rBEGIN:VEVENT\rDTSTART;VALUE=DATE:20261225";
    let text = wrap(&format!("DTSTART;VALUE=DATE:20251225|SUMMARY:x\r{event}"));
    let error =
        "line 4: before `END:VEVENT` stands a carriage return alone, which may end a line; let all lines end alike";
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        assert_eq!(meaning(&text, Effect::Freeze).err().as_deref(), Some(error), "{text:?}");
    }
    for line in ["STATUS:CANCELLED", "rrule:FREQ=DAILY", "EXDATE;VALUE=DATE:20251225"] {
        let error = meaning(&wrap(&format!("DTSTART;VALUE=DATE:20251225|SUMMARY:x\r{line}")), Effect::Freeze);
        assert!(error.is_err_and(|error| error.contains("carriage return")), "{line}");
    }
    let day = ["20260104T2300/20260105T2300"];
    check_whole(&wrap("DTSTART;VALUE=DATE:20260105|DESCRIPTION:where\rat home\r\r"), Effect::Freeze, &day, &[]);
    // All lines end so, and one that a program has put behind them does not.
    let text = format!("{}\n", wrap("DTSTART;VALUE=DATE:20260105").replace('\n', "\r"));
    check_whole(&text, Effect::Freeze, &day, &[]);
}

#[test]
fn a_folded_text_is_one() {
    for text in ["status: done", "Status:done", "the END: of it", "DTSTART is soon", "https://example.com"] {
        let text = wrap(&format!("DTSTART;VALUE=DATE:20260105|DESCRIPTION:we look at the| {text}"));
        assert_eq!(meaning(&text, Effect::Freeze), Ok((vec!["20260104T2300/20260105T2300".into()], vec![])), "{text}");
    }
}
