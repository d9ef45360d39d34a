//! Texts of an action: everything that passes here reaches Kosli unchanged.

use crate::error::Error;
use crate::kosli::command::LONGEST_BY;
use crate::kosli::id::WINDOW_HOLDER;

pub(super) fn check_run(run: Option<&str>) -> Result<(), Error> {
    check_text("run", run.unwrap_or_default(), LONGEST_BY)
}

pub(super) fn check_text(what: &'static str, text: &str, longest: usize) -> Result<(), Error> {
    if text.len() > longest {
        let problem = format!("is {} bytes long, {longest} are allowed", text.len());
        return Err(Error::BadText { what, problem });
    }
    if text.contains('\0') {
        return Err(Error::BadText { what, problem: "has a NUL, which no command line can carry".to_owned() });
    }
    Ok(())
}

pub(super) fn check_by(by: Option<&str>) -> Result<(), Error> {
    let by = by.unwrap_or_default();
    check_text("by", by, LONGEST_BY)?;
    if by.trim().starts_with(WINDOW_HOLDER) {
        let detail = format!(
            "`by` is `{by}`; holders that begin with `{WINDOW_HOLDER}` are freeze windows, whose freezes are begun and ended by `sync`"
        );
        return Err(Error::BadCall { detail });
    }
    Ok(())
}
