//! Whether an event is in force.

use crate::schedule::Effect;
use crate::text::is_any;

use super::component::Component;
use super::quirks::FREE;
use super::when::Times;

/// Whether an event counts. What is uncertain closes: it counts in a freeze window, and not in an allow window.
pub(super) struct Standing {
    pub(super) counts: bool,
    pub(super) is_certain: bool,
    pub(super) is_cancelled: bool,
}

/// A property that says whether an event is in force.
struct Property {
    name: &'static str,
    /// The values that say yes.
    in_force: &'static [&'static str],
    /// Another one that is usual.
    usual: &'static str,
    /// What is noted of that, in a freeze and in an allow window; and of all others.
    noted_of_usual: [&'static str; 2],
    noted: [&'static str; 2],
}

const PROPERTIES: [Property; 3] = [
    Property {
        name: "STATUS",
        in_force: &["CONFIRMED"],
        usual: "TENTATIVE",
        noted_of_usual: ["`STATUS:TENTATIVE` counts in a freeze", "`STATUS:TENTATIVE` does not allow anything"],
        noted: ["an unknown `STATUS` counts in a freeze", "an unknown `STATUS` does not allow anything"],
    },
    Property {
        name: "TRANSP",
        in_force: &["OPAQUE"],
        usual: "TRANSPARENT",
        noted_of_usual: [FREE, "`TRANSP:TRANSPARENT` does not allow anything"],
        noted: ["an unknown `TRANSP` counts in a freeze", "an unknown `TRANSP` does not allow anything"],
    },
    Property {
        name: "X-MICROSOFT-CDO-BUSYSTATUS",
        in_force: &["BUSY", "OOF", "WORKINGELSEWHERE"],
        usual: "FREE",
        noted_of_usual: [
            "an event that Outlook shows as free counts in a freeze",
            "an event that Outlook shows as free does not allow anything",
        ],
        noted: [
            "an event that Outlook does not show as busy counts in a freeze",
            "an event that Outlook does not show as busy does not allow anything",
        ],
    },
];

impl Standing {
    pub(super) fn read(component: &Component, times: &mut Times) -> Result<Self, String> {
        let mut standing = Self { counts: true, is_certain: true, is_cancelled: false };
        for Property { name, in_force, usual, noted_of_usual, noted } in PROPERTIES {
            let Some(line) = component.one(name, &mut times.quirks)? else { continue };
            let is = |word: &str| line.value().eq_ignore_ascii_case(word);
            if name == "STATUS" && is("CANCELLED") {
                return Ok(Self { counts: false, is_certain: true, is_cancelled: true });
            }
            if is_any(line.value(), in_force) {
                continue;
            }
            let [frozen, allowed] = if is(usual) { noted_of_usual } else { noted };
            let closes = times.effect == Effect::Freeze;
            times.quirks.note(component.line, if closes { frozen } else { allowed });
            standing.counts &= closes;
            // Whether it blocks time says nothing of when it is; one reason is told.
            standing.is_certain = name != "STATUS";
            break;
        }
        Ok(standing)
    }
}
