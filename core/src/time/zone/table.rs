//! The IANA time zones, as core/build.rs has packed them.

use crate::time::Instant;

use super::rule::{SummerTime, Turn};
use super::span::{Span, Spans};

const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/zone-names"));
const STEPS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zone-steps"));
const DATA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zone-data"));
const WINDOWS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zone-windows"));
const SPELLED_OUT: u8 = 255;
const STANDARD_TIME: &str = " Standard Time";

/// When the offset changes and what it is from then on, and what comes after that.
pub(super) struct Table {
    /// The first from `i64::MIN` on, sorted.
    changes: Vec<(Instant, i64)>,
    rule: Option<SummerTime>,
}

impl Spans for Table {
    fn find(&self, at: Instant) -> Span {
        let next = self.changes.partition_point(|(change, _)| *change <= at);
        let (from, offset) = self.changes[..next].last().copied().unwrap_or((Instant::MIN, 0));
        match (self.changes.get(next), &self.rule) {
            (Some((to, _)), _) => Span { from, to: *to, offset },
            (None, None) => Span { from, to: Instant::MAX, offset },
            (None, Some(rule)) => {
                let span = rule.find(at.max(rule.since));
                if span.from > rule.since { span } else { Span { from, ..span } }
            }
        }
    }
}

/// Every name with the number of its zone; zones with several names have them one after the other.
pub(super) fn names() -> impl Iterator<Item = (&'static str, usize)> {
    let (mut rest, mut zones) = (NAMES, 0);
    std::iter::from_fn(move || {
        let head = *rest.as_bytes().first()?;
        let name;
        (name, rest) = rest.get(1..)?.split_at_checked(usize::from(head % 64))?;
        zones += usize::from(head / 64);
        Some((name, zones - 1))
    })
}

/// The number of the zone that Windows calls so, whatever the case.
pub(super) fn windows(name: &str) -> Option<usize> {
    let mut rest = Bytes(WINDOWS);
    while let Some(head) = rest.byte() {
        let known = str::from_utf8(rest.take(usize::from(head & 127))?.0).ok()?;
        let number = usize::from(rest.byte()?) + usize::from(rest.byte()?) * 256;
        let short = if head > 127 { without_standard_time(name) } else { name };
        if known.eq_ignore_ascii_case(short) {
            return Some(number);
        }
    }
    None
}

fn without_standard_time(name: &str) -> &str {
    let at = name.len().saturating_sub(STANDARD_TIME.len());
    let split = name.split_at_checked(at).filter(|(_, end)| end.eq_ignore_ascii_case(STANDARD_TIME));
    split.map_or(name, |(begin, _)| begin)
}

/// The zone of this number.
pub(super) fn unpack(number: usize) -> Option<Table> {
    let mut data = Bytes(DATA);
    for _ in 0..number {
        data.part()?;
    }
    let mut zone = data.part()?;
    let mut offset = zone.seconds()?;
    let count = zone.number()?;
    let mut changes = Vec::with_capacity(usize::try_from(count).ok()?.min(zone.0.len()) + 1);
    changes.push((Instant::MIN, offset));
    let mut at = 0;
    for _ in 0..count {
        let (wait, change) = zone.step()?;
        at += wait;
        offset += change;
        changes.push((at, offset));
    }
    let rule = if zone.0.is_empty() { None } else { Some(zone.rule(at)?) };
    Some(Table { changes, rule })
}

/// What is still to be read of the packed data.
struct Bytes(&'static [u8]);

impl Bytes {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn seconds(&mut self) -> Option<i64> {
        let number = self.number()?;
        let value = (number >> 1).cast_signed() ^ -(number & 1).cast_signed();
        Some(if value & 1 == 0 { (value >> 1) * 900 } else { value >> 1 })
    }

    fn part(&mut self) -> Option<Self> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    fn take(&mut self, length: usize) -> Option<Self> {
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Self(part))
    }

    fn step(&mut self) -> Option<(i64, i64)> {
        let code = self.byte()?;
        if code == SPELLED_OUT {
            return Some((self.seconds()?, self.seconds()?));
        }
        let at = usize::from(code) * 3;
        let [low, high, change] = STEPS.get(at..at + 3)?.try_into().ok()?;
        Some((i64::from(u16::from_le_bytes([low, high])) * 900, i64::from(u8::cast_signed(change)) * 900))
    }

    fn rule(&mut self, last: Instant) -> Option<SummerTime> {
        Some(SummerTime {
            since: last + self.seconds()?,
            standard: self.seconds()?,
            summer: self.seconds()?,
            begin: self.turn()?,
            end: self.turn()?,
        })
    }

    fn turn(&mut self) -> Option<Turn> {
        Some(Turn { month: self.byte()?, week: self.byte()?, weekday: self.byte()?, time: self.seconds()? })
    }
}
