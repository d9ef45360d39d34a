//! Selectors as they are written. What can match nothing is an error: a window that silently applies nowhere is
//! one that nobody misses until it is needed.

use std::collections::{BTreeMap, BTreeSet};

use crate::budget::Budget;
use crate::name::TagKey;
use crate::text::excerpt;

use super::selector::covers;

/// The types of Kosli's environments.
const TYPES: [&str; 9] = ["K8S", "ECS", "S3", "lambda", "server", "docker", "azure-apps", "cloud-run", "logical"];

/// No name of an environment is longer (see `name.rs`), and no glob needs more.
const LONGEST_GLOB: usize = 255;

/// Checks the globs of `environments`.
pub(super) fn check_names(globs: &[String], budget: &Budget) -> Result<(), String> {
    if globs.is_empty() || globs.iter().any(|glob| glob.trim_start_matches('!').is_empty()) {
        return Err("`environments` must name some, e.g. [\"prod-*\"]; [\"*\"] is all".to_owned());
    }
    globs.iter().try_for_each(|glob| check_glob(glob))?;
    once(globs).map_err(|problem| format!("`environments` {problem}"))?;
    check_exclusions(globs, budget)
}

/// Kosli's names have letters, digits, `.`, `-` and `_`, and begin with a letter or digit.
fn check_glob(glob: &str) -> Result<(), String> {
    let name = glob.strip_prefix('!').unwrap_or(glob);
    let problem = |why: &str| Err(format!("`environments` has `{}`, {why}", excerpt(glob)));
    if name.len() > LONGEST_GLOB {
        return problem(&format!("which is longer than any name: {LONGEST_GLOB} characters are allowed"));
    }
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*' | '?');
    if let Some(c) = name.chars().find(|&c| !is_of_a_name(c)) {
        let shown = if c.is_ascii_graphic() {
            format!("`{c}`")
        } else {
            format!(
                "{} (U+{:04X})",
                if c == ' ' { "a blank".to_owned() } else { format!("`{}`", excerpt(&c.to_string())) },
                c as u32
            )
        };
        return problem(&format!("but no Kosli environment has {shown} in its name; {}", what_would_do(glob, c)));
    }
    if name.starts_with(['.', '-', '_']) {
        return problem(
            "but names of Kosli environments begin with a letter or digit; a `*` before it is any beginning",
        );
    }
    Ok(())
}

fn what_would_do(glob: &str, c: char) -> String {
    match c {
        '!' if glob.starts_with("!!") => format!("one `!` excludes: \"!{}\"", excerpt(glob.trim_matches('!'))),
        '!' => "`!` excludes, and stands before a name: \"!prod-canary\"".to_owned(),
        '{' | '}' | ',' | '|' | '(' | ')' | ';' => "list each name separately: [\"prod-aws\", \"prod-eu\"]".to_owned(),
        '[' | ']' => "`?` is any one character, or list each name separately".to_owned(),
        c if c.is_whitespace() => {
            format!("write \"{}\"", glob.chars().filter(|c| !c.is_whitespace()).collect::<String>())
        }
        c if c.is_ascii() => "names have letters, digits, `.`, `-` and `_`; `*` is any run of characters".to_owned(),
        _ => "names have the letters a to z and A to Z: type it again".to_owned(),
    }
}

/// A name that an exclusion takes out whole was meant to be there, or the exclusion was not.
fn check_exclusions(globs: &[String], budget: &Budget) -> Result<(), String> {
    let excluded = |glob: &str| {
        globs.iter().find(|other| other.strip_prefix('!').is_some_and(|other| covers(other, glob, budget)))
    };
    let mut included = globs.iter().filter(|glob| !glob.starts_with('!')).peekable();
    if included.peek().is_none() {
        return match excluded("*") {
            Some(all) => Err(format!(
                "`environments` excludes all with `{}`, so the window is for none; take it out",
                excerpt(all)
            )),
            None => Ok(()),
        };
    }
    included.find_map(|glob| Some((glob, excluded(glob)?))).map_or(Ok(()), |(glob, all)| {
        let (glob, all) = (excerpt(glob), excerpt(all));
        Err(format!("`environments` has `{glob}`, and `{all}` excludes all of it; take one of them out"))
    })
}

/// Checks `types`: Kosli tells them apart by their case, too.
pub(super) fn check_types(types: &[String]) -> Result<(), String> {
    if types.is_empty() {
        return Err("`types` is empty, which no environment is; name some or leave it out".to_owned());
    }
    if let Some(unknown) = types.iter().find(|kind| !TYPES.contains(&&***kind)) {
        let plain =
            |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let meant = TYPES.into_iter().find(|kind| plain(kind) == plain(unknown));
        let advice =
            meant.map_or_else(|| format!("which is none of {}", TYPES.join(", ")), |kind| format!("write `{kind}`"));
        return Err(format!("`types` has `{}`, {advice}", excerpt(unknown)));
    }
    once(types).map_err(|problem| format!("`types` {problem}"))
}

/// Checks `tags`: their keys are Kosli's, their values may be any text.
pub(super) fn check_tags(tags: &BTreeMap<String, Vec<String>>) -> Result<(), String> {
    if tags.is_empty() {
        return Err("`tags` is empty; name some or leave it out".to_owned());
    }
    tags.iter().try_for_each(|(key, globs)| {
        if TagKey::new(key).is_err() {
            let allowed = "keys have letters, digits, `.`, `-`, `_` and `~`, and begin with a letter or digit";
            return Err(format!("`tags` has `{}`, which is not the key of any tag in Kosli; {allowed}", excerpt(key)));
        }
        if globs.is_empty() {
            return Err(format!("`tags`: `{}` has no glob, which no value matches; `*` is any", excerpt(key)));
        }
        once(globs).map_err(|problem| format!("`tags`: `{}` {problem}", excerpt(key)))
    })
}

/// Who writes one thing twice has meant another one.
fn once(list: &[String]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let twice = list.iter().find(|text| !seen.insert(text.as_str()));
    twice.map_or(Ok(()), |text| Err(format!("has `{}` twice; take one out, or write what was meant", excerpt(text))))
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;

    use super::{check_names, check_tags, check_types};

    fn list(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn what_some_environment_can_match_is_taken() {
        for globs in [
            &["*"] as &[&str],
            &["prod-*", "!prod-sandbox"],
            &["!prod-sandbox", "prod-*"],
            &["!prod-*"],
            &["!prod-*", "!staging"],
            &["?rod.x_1", "*-eu"],
            &["prod-?", "!prod-??"],
            &["prod-*", "!prod-?"],
            &["prod-*", "!prod-?*"], // `prod-` itself is a name
            &["*", "!*-*"],
            &[&"x".repeat(255)],
        ] {
            assert_eq!(check_names(&list(globs), &Budget::default()), Ok(()), "{globs:?}");
        }
    }

    #[test]
    fn what_none_can_match_is_an_error() {
        for (globs, wanted) in [
            (
                &["pr\u{43e}d"] as &[&str],
                "no Kosli environment has `\u{43e}` (U+043E) in its name; names have the letters a to z",
            ),
            (&["prod aws"], "has a blank (U+0020) in its name; write \"prodaws\""),
            (&["prod-aws "], "write \"prod-aws\""),
            (
                &["prod", "! prod-canary"],
                "has `! prod-canary`, but no Kosli environment has a blank (U+0020) in its name; write \"!prod-canary\"",
            ),
            (&["prod\u{200b}"], "has `\\u{200b}` (U+200B) in its name"),
            (&["prod\u{a0}x"], "(U+00A0)"),
            (&["prod\n"], "(U+000A)"),
            (&["prod-{aws,eu}"], "has `{` in its name; list each name separately"),
            (&["prod-aws,prod-eu"], "has `,`"),
            (&["prod|staging"], "has `|`"),
            (&["prod-[ab]"], "has `[` in its name; `?` is any one character"),
            (&["prod/aws"], "has `/` in its name; names have letters"),
            (&["^prod$"], "has `^`"),
            (&["~prod"], "has `~`"),
            (&["!!prod"], "one `!` excludes: \"!prod\""),
            (&["prod!"], "stands before a name"),
            (&["-prod"], "begin with a letter or digit"),
            (&["!.prod"], "begin with a letter or digit"),
            (&[&"x".repeat(256)], "longer than any name"),
            (&[], "must name some"),
            (&[""], "must name some"),
            (&["!"], "must name some"),
            (&["prod", "prod"], "has `prod` twice"),
            (&["!*"], "excludes all with `!*`"),
            (&["!?*"], "excludes all with `!?*`"),
            (&["!*?", "!x"], "excludes all"),
            (&["*", "!*"], "has `*`, and `!*` excludes all of it"),
            (&["*", "!?*"], "excludes all of it"),
            (&["prod-*", "!prod*"], "has `prod-*`, and `!prod*` excludes all of it"),
            (&["staging", "prod-a", "!prod-?"], "has `prod-a`, and `!prod-?` excludes"),
            (&["prod-?", "!prod-*"], "excludes"),
            (&["prod-aws", "!prod-aws"], "excludes"),
        ] {
            let problem = check_names(&list(globs), &Budget::default()).expect_err(&format!("{globs:?}"));
            assert!(problem.contains(wanted), "{globs:?}: {problem}");
        }
    }

    #[test]
    fn types_and_keys_are_kosli_s() {
        assert_eq!(check_types(&list(&["K8S", "azure-apps", "logical"])), Ok(()));
        for (types, wanted) in [
            (&["k8s"] as &[&str], "`types` has `k8s`, write `K8S`"),
            (&["K8S", "Azure_Apps"], "write `azure-apps`"),
            (&["kubernetes"], "which is none of K8S, ECS"),
            (&["K8S "], "write `K8S`"),
            (&[""], "which is none of"),
            (&["*"], "which is none of"),
            (&["ECS", "ECS"], "has `ECS` twice"),
            (&[], "`types` is empty"),
        ] {
            let problem = check_types(&list(types)).expect_err(&format!("{types:?}"));
            assert!(problem.contains(wanted), "{types:?}: {problem}");
        }
        let tags = |key: &str, globs: &[&str]| check_tags(&[(key.to_owned(), list(globs))].into());
        assert_eq!(tags("team.x_1~", &["", "core", "ünï *"]), Ok(()));
        for (key, globs, wanted) in [
            ("", &["x"] as &[&str], "`tags` has ``, which is not the key of any tag"),
            ("team ", &["x"], "not the key of any tag"),
            ("te\u{430}m", &["x"], "not the key of any tag"),
            ("_team", &["x"], "not the key of any tag"),
            ("a=b", &["x"], "not the key of any tag"),
            ("team", &[], "has no glob"),
            ("team", &["x", "x"], "`team` has `x` twice"),
        ] {
            let problem = tags(key, globs).expect_err(key);
            assert!(problem.contains(wanted), "{key}: {problem}");
        }
        assert!(check_tags(&[].into()).is_err_and(|problem| problem.contains("`tags` is empty")));
    }
}
