//! Lines that somebody has indented: they would be a part of the line before, and go unseen.

use super::{Effect, meaning, wrap};

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
fn a_folded_text_is_one() {
    for text in ["status: done", "Status:done", "the END: of it", "DTSTART is soon", "https://example.com"] {
        let text = wrap(&format!("DTSTART;VALUE=DATE:20260105|DESCRIPTION:we look at the| {text}"));
        assert_eq!(meaning(&text, Effect::Freeze), Ok((vec!["20260104T2300/20260105T2300".into()], vec![])), "{text}");
    }
}
