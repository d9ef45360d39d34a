//! The CLI's kinds of flags: spf13/pflag's, with kosli's own checks of their values.

use std::collections::BTreeMap;

use crate::csv;

/// What the flags of one command line say.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    pub(crate) positional: Vec<String>,
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) truths: BTreeMap<String, bool>,
    pub(crate) maps: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) lists: BTreeMap<String, Vec<String>>,
}

/// A flag's kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A string; the last one wins.
    Text,
    /// A boolean, `--flag` or `--flag=true`.
    Truth,
    /// pflag's `StringToString`.
    Map,
    /// pflag's `StringSlice`.
    List,
}

impl Flags {
    /// Reads `argv` by the kinds of its flags; `kosli` and the command's words are gone already.
    pub(crate) fn read(argv: &[String], kinds: &[(&str, Kind)]) -> Result<Self, String> {
        let mut flags = Self::default();
        let mut words = argv.iter();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--") else {
                if word.starts_with('-') {
                    return Err(format!("unknown shorthand flag in {word}"));
                }
                flags.positional.push(word.clone());
                continue;
            };
            let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
            let kind = kinds.iter().find(|(known, _)| *known == name).ok_or(format!("unknown flag: --{name}"))?.1;
            let value = match (value, kind) {
                (Some(value), _) => value.to_owned(),
                (None, Kind::Truth) => "true".to_owned(),
                (None, _) => words.next().ok_or(format!("flag needs an argument: --{name}"))?.clone(),
            };
            flags.set(name, kind, value)?;
        }
        Ok(flags)
    }

    fn set(&mut self, name: &str, kind: Kind, value: String) -> Result<(), String> {
        match kind {
            Kind::Text => {
                if value.is_empty() {
                    return Err(format!("flag '--{name}' was given an empty value"));
                }
                if value.starts_with('-') {
                    return Err(format!("flag '--{name}' has value '{value}' which is illegal"));
                }
                self.texts.insert(name.to_owned(), value);
            }
            Kind::Truth => {
                let truth = value.parse().map_err(|_| format!("invalid argument \"{value}\" for --{name}"))?;
                self.truths.insert(name.to_owned(), truth);
            }
            Kind::Map => self.maps.entry(name.to_owned()).or_default().extend(map(&value)?),
            Kind::List => {
                let list = if value.is_empty() { Vec::new() } else { csv::record(&value)? };
                if list.is_empty() || list.iter().any(String::is_empty) {
                    return Err(format!("flag '--{name}' was given an empty value"));
                }
                self.lists.entry(name.to_owned()).or_default().extend(list);
            }
        }
        Ok(())
    }
}

/// One argument of a `StringToString`: with one `=` as it is, less the quotes at its ends; with more, CSV.
fn map(argument: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = match argument.matches('=').count() {
        0 => return Err(format!("{argument} must be formatted as key=value")),
        1 => vec![argument.trim_matches('"').to_owned()],
        _ => csv::record(argument)?,
    };
    pairs
        .into_iter()
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(format!("{pair} must be formatted as key=value")),
        })
        .collect()
}
