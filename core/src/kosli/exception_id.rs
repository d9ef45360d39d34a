//! The id of an exception says when it begins and ends, and who asked for it:
//! `exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya`.

use chrono::{DateTime, Utc};

use crate::time;

use super::id::{held, holder_in, holder_in_id, is_number};
use super::name::TrailName;

/// An exception, as the name of its trail has it, which nobody can change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ExceptionId {
    pub(crate) trail: TrailName,
    pub(crate) begin: DateTime<Utc>,
    /// The first instant at which it does not hold any more.
    pub(crate) end: DateTime<Utc>,
}

impl ExceptionId {
    /// The id of one that is asked for `now`; the second of that second and holder gets `.2`, and so on.
    pub(crate) fn numbered(now: DateTime<Utc>, end: DateTime<Utc>, by: Option<&str>, number: usize) -> TrailName {
        held(format!("exception-{}-{}", time::for_names(now), time::for_names(end)), by, number)
    }

    /// Reads the name of a trail; `None` if it is not an exception's.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let (begin, rest) = time::from_name(name.strip_prefix("exception-")?)?;
        let (end, rest) = time::from_name(rest.strip_prefix('-')?)?;
        let is_whole = rest.is_empty() || rest.starts_with('~') || rest.strip_prefix('.').is_some_and(is_number);
        let trail = TrailName::new(name).ok().filter(|_| is_whole && begin < end)?;
        Some(Self { trail, begin, end })
    }

    /// Who asked for it, as far as an id can say.
    pub(crate) fn holder(&self) -> Option<&str> {
        let both = "exception-2024-10-31T12.00.00-2024-10-31T14.00.00".len();
        holder_in(&self.trail.as_str()[both..])
    }

    /// `true` if it says that `by` asked for it (nobody, if it names nobody).
    pub(crate) fn names(&self, by: Option<&str>) -> bool {
        self.holder() == by.map(holder_in_id).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::ExceptionId;
    use crate::time::parse;

    #[test]
    fn a_name_says_from_when_until_when_and_who() {
        let (begin, end) = (parse("2024-10-31T12:00:00Z"), parse("2024-10-31T14:00:00Z"));
        let (begin, end) = (begin.expect("an instant"), end.expect("an instant"));
        for (by, number, name) in [
            (Some("maya"), 1, "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya"),
            (Some("maya"), 2, "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~maya.2"),
            (None, 1, "exception-2024-10-31T12.00.00-2024-10-31T14.00.00"),
            (None, 2, "exception-2024-10-31T12.00.00-2024-10-31T14.00.00.2"),
            (Some("m@x.io"), 1, "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~mxio.ac99e2f2"),
        ] {
            let trail = ExceptionId::numbered(begin, end, by, number);
            assert_eq!(trail.as_str(), name);
            let id = ExceptionId::read(name).expect(name);
            assert_eq!((id.begin, id.end), (begin, end));
            assert!(id.names(by) && !id.names(Some("noah")), "{name}");
        }
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "",
            "exception-",
            "exception-2024-10-31T12.00.00",
            "exception-2024-10-31T12.00.00-2024-10-31T12.00.00~maya",
            "exception-2024-10-31T12.00.00-2024-10-31T11.00.00~maya",
            "exception-2024-10-31T12.00.00-2024-10-31T14.00.00x",
            "exception-2024-10-31T12.00.00-2024-10-31T14.00.00.1",
            "exception-2024-10-31T12.00.00-2024-13-31T14.00.00",
            "exception-2024-10-31T12.00.00-2024-10-31T14.00.00~a b",
            "Exception-2024-10-31T12.00.00-2024-10-31T14.00.00",
        ] {
            assert_eq!(ExceptionId::read(name), None, "{name}");
        }
    }
}
