//! Selectors as they are written. What can match nothing is an error: a window that silently applies nowhere is
//! one that nobody misses until it is needed.

use crate::budget::Budget;
use crate::error::Error;
use crate::glob::meant::{any_run, negated, shown, without_blanks};
use crate::glob::{matches_where, value};
use crate::kosli::name::TagKey;
use crate::order::{Map, Set};
use crate::text::excerpt;

/// The types of Kosli's environments.
const TYPES: [&str; 9] = ["K8S", "ECS", "S3", "lambda", "server", "docker", "azure-apps", "cloud-run", "logical"];

/// No name of an environment is longer (see `name.rs`), and no glob needs more.
const LONGEST_GLOB: usize = 255;
/// Each exclusion is compared with each glob.
const MOST_GLOBS: usize = 1_000;

/// Checks the globs of `environments`.
pub(crate) fn check_names(globs: &[String], budget: &Budget) -> Result<(), String> {
    check_all(globs, |_| true, budget)
}

/// `counts` tells which of them are to be few.
fn check_all(globs: &[String], counts: impl Fn(&str) -> bool, budget: &Budget) -> Result<(), String> {
    if globs.is_empty() || globs.iter().any(|glob| glob.trim_start_matches('!').is_empty()) {
        return Err("`environments` must name some, e.g. [\"prod-*\"]; [\"*\"] is all".to_owned());
    }
    few(globs.iter().filter(|glob| counts(glob)).count()).map_err(|problem| format!("`environments` {problem}"))?;
    globs.iter().try_for_each(|glob| check_glob(glob))?;
    once(globs).map_err(|problem| format!("`environments` {problem}"))?;
    check_exclusions(globs, Of::Names, budget).map_err(|problem| format!("`environments` {problem}"))
}

/// The same where they select from Kosli's list, whatever that has: there the `*` is written, and names may be as many as
/// the list has.
pub(crate) fn check_selection(globs: &[String], budget: &Budget) -> Result<(), Error> {
    let bad_call = |detail: String| Error::BadCall { detail };
    check_all(globs, |glob| glob.contains(['*', '?', '!']), budget).map_err(bad_call)?;
    if globs.iter().all(|glob| glob.starts_with('!')) {
        let detail = "`environments` only leaves some out; put `*` beside them if all others are meant".to_owned();
        return Err(bad_call(detail));
    }
    Ok(())
}

fn few(count: usize) -> Result<(), String> {
    let problem = || format!("has {count} globs; {MOST_GLOBS} are allowed, `*` stands for many");
    if count > MOST_GLOBS { Err(problem()) } else { Ok(()) }
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
        let shown = shown(c);
        return problem(&format!("but no Kosli environment has {shown} in its name; {}", what_would_do(glob, c)));
    }
    if name.contains(".*") {
        return problem(&any_run(glob));
    }
    if name.starts_with(['.', '-', '_']) {
        return problem(
            "but names of Kosli environments begin with a letter or digit; a `*` before it is any beginning, \
             and `!` before a name excludes it",
        );
    }
    Ok(())
}

fn what_would_do(glob: &str, c: char) -> String {
    let mark = if glob.trim_start().starts_with('!') { "!" } else { "" };
    let each = format!("list each name separately: [\"{mark}prod-aws\", \"{mark}prod-eu\"]");
    match c {
        '!' if glob.starts_with("!!") => {
            let name = excerpt(glob.trim_matches('!'));
            format!("one `!` excludes, \"!{name}\", and none includes, \"{name}\"")
        }
        '!' => "`!` excludes, and stands before a name: \"!prod-canary\"".to_owned(),
        '{' | '}' | ',' | '|' | '(' | ')' | ';' | '&' | '+' => each,
        '[' | ']' => {
            "`?` is any one character; or list each name separately, with `!` before what is excluded".to_owned()
        }
        '^' | '~' => "`!` before a name excludes it, `*` is any run of characters".to_owned(),
        c if c.is_whitespace() => match without_blanks(glob) {
            Some(glob) => format!("write \"{}\"", excerpt(&glob)),
            None => format!("{each}, with `!` before what is excluded"),
        },
        c if c.is_ascii() => "names have letters, digits, `.`, `-` and `_`; `*` is any run of characters".to_owned(),
        _ => "names have the letters a to z and A to Z: type it again".to_owned(),
    }
}

/// Whose texts the globs match.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Of {
    /// None of them is empty.
    Names,
    Values,
}

/// What an exclusion takes out whole was meant to be there, or the exclusion was not.
fn check_exclusions(globs: &[String], of: Of, budget: &Budget) -> Result<(), String> {
    let both = |glob: &String| (glob.clone(), plain(glob.strip_prefix('!').unwrap_or(glob), of));
    let (excluding, included): (Vec<_>, Vec<_>) = globs.iter().partition(|glob| glob.starts_with('!'));
    if excluding.is_empty() {
        return Ok(());
    }
    let excluding: Vec<_> = excluding.into_iter().map(both).collect();
    let excluded = |inner: &str| excluding.iter().find(|(_, outer)| covers(outer, inner, budget));
    if included.is_empty() {
        return excluded(&plain("*", of)).map_or(Ok(()), |(all, _)| {
            Err(format!("excludes all with `{}`, so the window is for none; take it out", excerpt(all)))
        });
    }
    // Whoever has spent the budget is told so.
    for glob in included.into_iter().take_while(|_| !budget.is_spent()) {
        if let Some((all, _)) = excluded(&plain(glob, of)) {
            let (glob, all) = (excerpt(glob), excerpt(all));
            return Err(format!("has `{glob}`, and `{all}` excludes all of it; take one of them out"));
        }
    }
    Ok(())
}

/// A glob in the form in which it can be compared: of a run of `*` and `?` the `?` come first.
fn plain(glob: &str, of: Of) -> String {
    let mut plain = String::new();
    for part in glob.split_inclusive(|c| !matches!(c, '*' | '?')) {
        let literal = part.trim_start_matches(['*', '?']);
        let run = &part[..part.len() - literal.len()];
        plain.extend(run.chars().filter(|&c| c == '?'));
        plain.push_str(if run.contains('*') { "*" } else { "" });
        plain.push_str(literal);
    }
    if plain == "*" && of == Of::Names { "?*".to_owned() } else { plain }
}

/// `true` if whatever the plain glob `inner` matches, `outer` matches as well.
fn covers(outer: &str, inner: &str, budget: &Budget) -> bool {
    if !budget.spend(1) {
        return false;
    }
    let is_empty = |glob: &str| glob.chars().all(|c| c == '*');
    if outer == "?*" { !is_empty(inner) } else { matches_where(outer, inner, budget, |c| c != '*') }
}

/// Checks `types`: Kosli tells them apart by their case, too.
pub(super) fn check_types(types: &[String]) -> Result<(), String> {
    if types.is_empty() {
        return Err("`types` is empty, which no environment is; name some or leave it out".to_owned());
    }
    if let Some(unknown) = types.iter().find(|kind| !TYPES.contains(&&***kind)) {
        return Err(format!("`types` has `{}`, {}", excerpt(unknown), which_type(unknown)));
    }
    once(types).map_err(|problem| format!("`types` {problem}"))
}

/// What would do for an unknown type; never the one that was to be excluded.
fn which_type(unknown: &str) -> String {
    let unknown = unknown.trim();
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let named = |text: &str| TYPES.into_iter().find(|kind| plain(kind) == plain(text));
    let is_a_name =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || c.is_whitespace() || !c.is_ascii();
    if unknown.starts_with(|c: char| c.is_ascii_alphanumeric())
        && unknown.chars().all(is_a_name)
        && let Some(kind) = named(unknown)
    {
        return format!("write `{kind}`");
    }
    let joined = unknown.replace(['-', '_'], " "); // `not-s3`
    if let Some(excluded) = negated(&joined).or(Some(unknown)).and_then(named) {
        let others: Vec<_> = TYPES.into_iter().filter(|kind| *kind != excluded).collect();
        return format!("but types are not excluded; for all but `{excluded}` list the others: {}", others.join(", "));
    }
    format!("which is none of {}", TYPES.join(", "))
}

/// Checks `tags`: their keys are Kosli's, their values may be any text.
pub(super) fn check_tags(tags: &Map<String, Vec<String>>, budget: &Budget) -> Result<(), String> {
    if tags.is_empty() {
        return Err("`tags` is empty; name some or leave it out".to_owned());
    }
    few(tags.values().map(Vec::len).sum()).map_err(|problem| format!("`tags` {problem}"))?;
    tags.iter().try_for_each(|(key, globs)| {
        if TagKey::new(key).is_err() {
            let allowed = "keys have letters, digits, `.`, `-`, `_` and `~`, and begin with a letter or digit";
            return Err(format!("`tags` has `{}`, which is not the key of any tag in Kosli; {allowed}", excerpt(key)));
        }
        let at_key = |problem: String| format!("`tags`: `{}` {problem}", excerpt(key));
        if globs.is_empty() {
            return Err(at_key("has no glob, which no value matches; `*` is any".to_owned()));
        }
        globs.iter().try_for_each(|glob| value::check(glob)).map_err(at_key)?;
        once(globs).map_err(at_key)?;
        check_exclusions(globs, Of::Values, budget).map_err(at_key)
    })
}

/// Who writes one thing twice has meant another one.
fn once(list: &[String]) -> Result<(), String> {
    let mut seen = Set::new();
    let twice = list.iter().find(|text| !seen.insert(text.as_str()));
    twice.map_or(Ok(()), |text| Err(format!("has `{}` twice; take one out, or write what was meant", excerpt(text))))
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;

    use super::{MOST_GLOBS, check_names, check_selection, check_tags, check_types};

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
            (&["prod aws"], "has a blank (U+0020) in its name; list each name separately"),
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
            (&["!!prod"], "one `!` excludes, \"!prod\", and none includes, \"prod\""),
            (&["not prod-aws"], "write \"!prod-aws\""),
            (&["all but prod-aws"], "write \"!prod-aws\""),
            (&["prod-* except prod-eu"], "list each name separately: [\"prod-aws\", \"prod-eu\"], with `!` before"),
            (&["- prod"], "with `!` before what is excluded"),
            (&["!prod-aws, prod-eu"], "list each name separately: [\"!prod-aws\", \"!prod-eu\"]"),
            (
                &["prod-.*"],
                "a `*` alone is any run of characters: write \"prod-*\"; where a dot is meant, \"prod-.?*\"",
            ),
            (&["!.*-eu"], "any run of characters: write \"!*-eu\""),
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
            (&["!S3"], "types are not excluded; for all but `S3` list the others: K8S, ECS, lambda"),
            (&["-S3"], "types are not excluded"),
            (&["not s3"], "for all but `S3`"),
            (&["non-Azure_apps"], "for all but `azure-apps`"),
            (&["!=S3"], "for all but `S3`"),
            (&["K8S,ECS"], "which is none of"),
            (&["ECS", "ECS"], "has `ECS` twice"),
            (&[], "`types` is empty"),
        ] {
            let problem = check_types(&list(types)).expect_err(&format!("{types:?}"));
            assert!(problem.contains(wanted), "{types:?}: {problem}");
        }
        let tags = |key: &str, globs: &[&str]| check_tags(&[(key.to_owned(), list(globs))].into(), &Budget::default());
        assert_eq!(tags("team.x_1~", &["core", "ünï *", "*", "!x"]), Ok(()));
        for (key, globs, wanted) in [
            ("", &["x"] as &[&str], "`tags` has ``, which is not the key of any tag"),
            ("team ", &["x"], "not the key of any tag"),
            ("te\u{430}m", &["x"], "not the key of any tag"),
            ("_team", &["x"], "not the key of any tag"),
            ("a=b", &["x"], "not the key of any tag"),
            ("team", &[], "has no glob"),
            ("team", &["x", "x"], "`team` has `x` twice"),
            ("team", &["!*"], "`team` excludes all with `!*`"),
            ("team", &["core", "!c*"], "`team` has `core`, and `!c*` excludes all of it"),
            ("team", &["core,infra"], "`team` has `core,infra`"),
        ] {
            let problem = tags(key, globs).expect_err(key);
            assert!(problem.contains(wanted), "{key}: {problem}");
        }
        assert!(check_tags(&[].into(), &Budget::default()).is_err_and(|problem| problem.contains("`tags` is empty")));
    }
    #[test]
    fn globs_are_few_and_comparing_them_is_counted() {
        let many = |count: usize| (0..count).flat_map(|at| [format!("a{at}"), format!("!b{at}")]).collect::<Vec<_>>();
        assert_eq!(check_names(&many(MOST_GLOBS / 2), &Budget::default()), Ok(()));
        let problem = check_names(&many(MOST_GLOBS / 2 + 1), &Budget::default()).expect_err("too many");
        assert!(problem.contains("has 1002 globs; 1000 are allowed"), "{problem}");
        let names: Vec<_> = (0..3 * MOST_GLOBS).map(|at| format!("a{at}")).collect();
        assert!(check_names(&names, &Budget::default()).is_err_and(|problem| problem.contains("has 3000 globs")));
        assert!(check_selection(&names, &Budget::default()).is_ok());
        let globs: Vec<_> = names.iter().map(|name| format!("{name}*")).collect();
        assert!(check_selection(&globs, &Budget::default()).is_err());
        let tags = [("a".to_owned(), many(300)), ("b".to_owned(), many(300))].into();
        assert!(check_tags(&tags, &Budget::default()).is_err_and(|problem| problem.contains("has 1200 globs")));
        let budget = Budget::of(10_000);
        assert_eq!(check_names(&many(MOST_GLOBS / 2), &budget), Ok(()));
        assert!(budget.is_spent());
        assert_eq!(check_names(&["*".to_owned(), "!*".to_owned()], &budget), Ok(())); // the reader of the policy says why
    }
}
