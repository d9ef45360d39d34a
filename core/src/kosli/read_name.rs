//! The names under which raw results stand in `observed`: written and read here, and nowhere else.

use std::borrow::Cow;
use std::fmt;

/// What a name in `observed` says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ReadName<'n> {
    /// A page of trails, from 1 on.
    Trails(u64),
    Environments,
    /// All flows.
    Flows,
    /// The first look at it, or the second.
    Environment(u64),
    Flow,
    Trail(&'n str),
    /// Of this trail, those of this name.
    Attestation(&'n str, &'n str),
    /// What stands on the deployment's own trail; a call has one of them at the most.
    Verdict,
    /// A page of the trails of the flow of exceptions, from 1 on.
    Exceptions(u64),
    ExceptionsFlow,
    Exception(&'n str),
    /// Of this exception, those of this name.
    ExceptionAttestation(&'n str, &'n str),
    /// A page of what has happened in the environment; a call has one at the most.
    Events,
    /// What ran in it at one time; a call has one at the most.
    Snapshot,
}

impl<'n> ReadName<'n> {
    /// `None` for what no read is named: a typo would be a read that nobody made.
    pub(crate) fn parse(name: &'n str) -> Option<Self> {
        let slash = name.bytes().position(|byte| byte == b'/');
        let (kind, rest) = slash.map_or((name, None), |slash| (&name[..slash], Some(&name[slash + 1..])));
        Some(match (kind, rest) {
            ("trails", rest) => Self::Trails(number(rest)?),
            ("environments", None) => Self::Environments,
            ("flows", None) => Self::Flows,
            ("environment", rest) => Self::Environment(number(rest).filter(|look| *look <= 2)?),
            ("flow", None) => Self::Flow,
            ("trail", Some(trail)) if !trail.is_empty() => Self::Trail(trail),
            ("attestation", Some(rest)) => {
                let (trail, name) = rest.rsplit_once('/')?;
                Self::Attestation(trail, name)
            }
            ("verdict", None) => Self::Verdict,
            ("exceptions", Some("flow")) => Self::ExceptionsFlow,
            ("exceptions", rest) => Self::Exceptions(number(rest)?),
            ("events", None) => Self::Events,
            ("snapshot", None) => Self::Snapshot,
            ("exception", Some(rest)) => match rest.split_once('/') {
                None if !rest.is_empty() => Self::Exception(rest),
                None => return None,
                Some((trail, name)) => Self::ExceptionAttestation(trail, name),
            },
            _ => return None,
        })
    }
}

impl ReadName<'_> {
    /// `true` if a part of it is some name.
    pub(crate) fn is_of_one_name(self) -> bool {
        matches!(self, Self::Trail(_) | Self::Attestation(..) | Self::Exception(_) | Self::ExceptionAttestation(..))
    }

    pub(crate) fn text(self) -> Cow<'static, str> {
        let named = match self {
            Self::Trails(1) => "trails",
            Self::Environments => "environments",
            Self::Flows => "flows",
            Self::Environment(1) => "environment",
            Self::Environment(2) => "environment/2",
            Self::Flow => "flow",
            Self::Verdict => "verdict",
            Self::Exceptions(1) => "exceptions",
            Self::Events => "events",
            Self::Snapshot => "snapshot",
            Self::ExceptionsFlow => "exceptions/flow",
            Self::Trails(page) => return ["trails/", &page.to_string()].concat().into(),
            Self::Environment(look) => return ["environment/", &look.to_string()].concat().into(),
            Self::Exceptions(page) => return ["exceptions/", &page.to_string()].concat().into(),
            Self::Trail(trail) => return ["trail/", trail].concat().into(),
            Self::Attestation(trail, name) => return ["attestation/", trail, "/", name].concat().into(),
            Self::Exception(trail) => return ["exception/", trail].concat().into(),
            Self::ExceptionAttestation(trail, name) => return ["exception/", trail, "/", name].concat().into(),
        };
        Cow::Borrowed(named)
    }
}

/// The number behind a name; the first has none.
fn number(rest: Option<&str>) -> Option<u64> {
    let Some(text) = rest else { return Some(1) };
    text.parse().ok().filter(|number: &u64| *number > 1 && number.to_string() == text)
}

impl fmt::Display for ReadName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::ReadName;

    #[test]
    fn what_is_written_is_read() {
        for name in [
            ReadName::Trails(1),
            ReadName::Trails(2),
            ReadName::Trails(117),
            ReadName::Environments,
            ReadName::Flows,
            ReadName::Environment(1),
            ReadName::Environment(2),
            ReadName::Flow,
            ReadName::Trail("2024-10-31T10.44.48~steve"),
            ReadName::Attestation("2024-10-31T10.44.48~steve", "nodeploy-on"),
            ReadName::Verdict,
            ReadName::Exceptions(1),
            ReadName::Exceptions(12),
            ReadName::Events,
            ReadName::Snapshot,
            ReadName::ExceptionsFlow,
            ReadName::Exception("exception-1"),
            ReadName::ExceptionAttestation("exception-1", "nodeploy-claimed"),
        ] {
            assert_eq!(ReadName::parse(&name.to_string()), Some(name));
        }
    }

    #[test]
    fn a_typo_is_no_read() {
        for name in [
            "",
            "trail",
            "trail/",
            "trails/",
            "trails/0",
            "trails/1",
            "trails/02",
            "trails/+2",
            "trails/two",
            "environment/1",
            "environment/3",
            "environments/2",
            "flow/x",
            "attestation",
            "attestation/x",
            "verdict/2",
            "exceptions/1",
            "events/2",
            "snapshot/7",
            "exception",
            "exception/",
            "Flow",
        ] {
            assert_eq!(ReadName::parse(name), None, "{name}");
        }
    }
}
