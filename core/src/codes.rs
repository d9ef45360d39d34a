//! The codes of answers, which never change. The tables in README.md and WINDOWS.md, `npm/index.d.ts` and the plugin's
//! schema list them too: `tests/codes.rs` says which of them lacks one.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// An enum of codes: a line for each.
macro_rules! codes {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $code:literal, $what:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum $name { $(#[doc = $what] $variant,)+ }

        impl $name {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code, as an answer has it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        // In the order of the codes: a line that moves changes no answer.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.code().cmp(other.code())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, code: &&str) -> bool {
                self.code() == *code
            }
        }
    };
}

codes! {
    /// Why it is decided so.
    Reason {
        NotFrozen = "not_frozen", "Nothing closes it.";
        Frozen = "frozen", "A freeze holds.";
        FreezeWindow = "freeze_window", "A freeze window is active.";
        OutsideAllowWindows = "outside_allow_windows", "No allow window is active.";
        ClosesTooSoon = "closes_too_soon", "It is open, and not for as long as the deployment needs.";
        Logical = "logical", "The environment is made of others, and not all of them are asked.";
        Freezing = "freezing", "It is being frozen.";
        AlreadyFrozen = "already_frozen", "All of it is there.";
        Taken = "taken", "Another holder has that id.";
        Lifted = "lifted", "That freeze has ended meanwhile.";
        Lifting = "lifting", "Freezes are being lifted.";
        AlreadyLifted = "already_lifted", "They have ended.";
        UnknownFreeze = "unknown_freeze", "No record has that name.";
        NoneOfYours = "none_of_yours", "Only others freeze it.";
        Mending = "mending", "Tags or records are being updated.";
        InOrder = "in_order", "There is nothing to repair.";
        WindowsListed = "windows_listed", "What is coming is told.";
        Selected = "selected", "Which environments are meant is told.";
        Reported = "reported", "What was closed, who passed and what was deployed is told, a page of it.";
        Overview = "overview", "How all of them stand is told.";
        BadCall = "bad_call", "The call is not JSON, or not of the contract.";
        BadName = "bad_name", "A name that Kosli would not take.";
        BadText = "bad_text", "A text that no command line can carry.";
        BadSettings = "bad_settings", "Settings that would let one freeze hold elsewhere.";
        BadPolicy = "bad_policy", "A policy that cannot be read.";
        NoReason = "no_reason", "A freeze without a reason.";
        UntilPassed = "until_passed", "A freeze that would have ended.";
        AtPassed = "at_passed", "A question about the past.";
        WrongClock = "wrong_clock", "The decision depends on a clock that is wrong.";
        NotObserved = "not_observed", "The environment was not read.";
        NothingSelected = "nothing_selected", "No environment is meant.";
        UnreadableEnvironments = "unreadable_environments", "Kosli's list could not be read.";
        UnknownEnvironment = "unknown_environment", "Kosli does not know it.";
        UnreadableEnvironment = "unreadable_environment", "The environment could not be read.";
        UnreadableTrails = "unreadable_trails", "The list of records could not be read.";
        UnreadableTrail = "unreadable_trail", "A record could not be read.";
        UnreadableAttestation = "unreadable_attestation", "The words of a record could not be read.";
        Excepted = "excepted", "Everything that closes it lets this change pass.";
        WouldBeExcepted = "would_be_excepted", "An exception would let it pass then.";
        Asking = "asking", "An exception is being asked for.";
        AlreadyAsked = "already_asked", "It was asked for in the same words.";
        Approving = "approving", "An exception is being approved.";
        AlreadyApproved = "already_approved", "That approval is on record.";
        Revoking = "revoking", "An exception is being revoked.";
        AlreadyRevoked = "already_revoked", "It has been revoked.";
        Claimed = "claimed", "The use of an exception is on record.";
        NothingToClaim = "nothing_to_claim", "The change passes without one.";
        NothingToExcept = "nothing_to_except", "Nothing closes it that an exception could be for.";
        NotOnRecord = "not_on_record", "A freeze has no open record.";
        Restated = "restated", "A freeze was given another reason than the exception was asked for.";
        UnknownWindow = "unknown_window", "No window of the policy has that name.";
        UnknownException = "unknown_exception", "No exception has that name.";
        ExceptionEnded = "exception_ended", "It is over, or was revoked.";
        OwnException = "own_exception", "Who asks does not approve.";
        NotAnApprover = "not_an_approver", "The account may not approve.";
        UntilTooFar = "until_too_far", "An exception that would last too long.";
        Attesting = "attesting", "It would proceed, and its verdict goes on record first.";
        Replayed = "replayed", "The same answer, byte for byte.";
        AnswerDiffers = "answer_differs", "Another answer than the file has.";
        FileChanged = "file_changed", "The file is not as it was written.";
        BadEvidence = "bad_evidence", "The file is not evidence.";
        UnknownTrail = "unknown_trail", "Kosli does not know the deployment's trail.";
        UnreadableVerdict = "unreadable_verdict", "The verdicts of a trail could not be read.";
        UnreadableEvents = "unreadable_events", "What has happened in the environment could not be read.";
        UnreadableFlow = "unreadable_flow", "Whether the flow exists could not be read.";
    }
}

codes! {
    /// What is amiss without changing the decision.
    WarningCode {
        FlagLost = "flag_lost", "An open freeze has no flag.";
        FlagLeft = "flag_left", "An ended freeze still has one.";
        Expired = "expired", "Its end has come, and is not on record.";
        HalfBegun = "half_begun", "A flag without a record.";
        NoId = "no_id", "A tag set by hand.";
        SignalDown = "signal_down", "Old gates are open.";
        SignalUp = "signal_up", "Old gates are closed.";
        UnreadableRecord = "unreadable_record", "A freeze's record could not be read.";
        UnreadableTrails = "unreadable_trails", "The list of records could not be read.";
        WrongClock = "wrong_clock", "This machine's clock and Kosli's differ.";
        OutlastsWindow = "outlasts_window", "A window's freeze does.";
        UnreadableExceptions = "unreadable_exceptions", "Exceptions could not be read, so none counts.";
        ManyExceptions = "many_exceptions", "More than were looked at have not ended.";
        NotRecorded = "not_recorded", "A refusal is not on a freeze's record.";
        WindowNotOnRecord = "window_not_on_record", "A refusal by a window that has no record.";
        NotAttested = "not_attested", "A refusal is not on the deployment's trail.";
        EnvironmentGone = "environment_gone", "It is archived or gone; its records are told, what was deployed is not known.";
        MemberOpen = "member_open", "A member of a frozen environment is not frozen.";
        UnlistedMember = "unlisted_member", "A member that Kosli's list does not have.";
        CalendarQuirk = "calendar_quirk", "A calendar that could be read otherwise.";
        DtstartOffRule = "dtstart_off_rule", "A rule that its beginning does not follow.";
        DateEnd = "date_end", "An end that is a date.";
        AllowOverlap = "allow_overlap", "Occurrences of an allow window overlap.";
        LastMinute = "last_minute", "An end at 23:59.";
        IdleDate = "idle_date", "A listed date that changes nothing.";
        RepeatHour = "repeat_hour", "A time the clocks show twice.";
        GapHour = "gap_hour", "A time the clocks skip.";
        NeverActive = "never_active", "A window that never is.";
        AlwaysActive = "always_active", "A window that always is.";
        ExpiredWindow = "expired_window", "A window that is over.";
        SuspendedWindow = "suspended_window", "A window that is taken out.";
        Overlap = "overlap", "Two windows that close at once.";
        NoneForEnvironment = "none_for_environment", "No window is for the environment.";
        CaseDiffers = "case_differs", "A window that would be for the environment but for upper and lower case.";
        FitsNone = "fits_none", "A glob that fits no environment.";
        ClosuresCut = "closures_cut", "More closures than are listed.";
        NeedsEnvironment = "needs_environment", "Allow windows close what lies outside of them.";
        IdleException = "idle_exception", "An exception of the policy that covers no window.";
        UnnamedPolicy = "unnamed_policy", "`sync` ends nothing of a policy without a name.";
    }
}
