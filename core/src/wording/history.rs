//! A report in one line.

use crate::answer::Totals;
use crate::time::duration;

/// `prod-aws was closed for 2 hours from … to …: 3 freezes, 1 exception, 2 deployments unexplained`
pub(crate) fn told(environment: &str, period: &str, totals: &Totals, flags: usize) -> String {
    let Totals { freezes, seconds, exceptions, refused, overused, unreadable, .. } = totals;
    if *freezes == 0 && *exceptions == 0 && *unreadable == 0 {
        return match flags {
            0 => format!("{environment}: nothing was frozen {period}"),
            _ => format!("{environment}: nothing on record was frozen {period}{}", by_tags(flags)),
        };
    }
    let closed = duration::words(*seconds);
    let mut parts = vec![many(*freezes, "freeze")];
    let mut more = |count: u64, what: &str| parts.extend((count > 0).then(|| many(count, what)));
    more(*exceptions, "exception");
    more(*overused, "overused exception");
    more(*refused, "refusal");
    if let Some(deployments) = &totals.deployments {
        more(deployments.unexplained, "unexplained deployment");
        more(deployments.uncertain, "uncertain deployment");
    }
    more(*unreadable, "unreadable record");
    let unknown =
        totals.unknown_after.as_ref().map_or_else(String::new, |at| format!("; what ran after {at} is unknown"));
    format!("{environment} was closed for {closed} {period}: {}{unknown}{}", parts.join(", "), by_tags(flags))
}

/// What no record tells.
fn by_tags(flags: usize) -> String {
    if flags == 0 { String::new() } else { format!("; {} without a record", many(flags as u64, "tag")) }
}

fn many(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
