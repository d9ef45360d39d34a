//! Windows by cron expressions, as croner finds their times on a wall clock that never changes.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use croner::parser::{CronParser, Seconds, Year};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::expected::Occurrence;
use crate::zone::Zone;

const DAY: i64 = 86_400;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DURATIONS: [(&str, i64); 14] = [
    ("PT1M", 60),
    ("PT5M", 300),
    ("PT15M", 900),
    ("PT30M", 1800),
    ("PT59M", 3540),
    ("PT1H", 3600),
    ("PT90M", 5400),
    ("PT2H", 7200),
    ("PT3H1S", 10_801),
    ("PT12H", 43_200),
    ("P1D", 86_400),
    ("PT25H", 90_000),
    ("P1DT12H", 129_600),
    ("P3D", 259_200),
];

/// A cron expression of five fields.
#[derive(Clone, Debug)]
pub struct Cron {
    /// As it was written.
    pub text: String,
    /// croner's own.
    pub croner: croner::Cron,
}

impl Cron {
    /// Reads the expression.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).sloppy_ranges(true).build();
        let croner = parser.parse(text).unwrap_or_else(|error| panic!("`{text}`: {error}"));
        Self { text: text.to_owned(), croner }
    }

    /// The next local time, as if no clock ever changed.
    #[must_use]
    pub fn after(&self, local: i64) -> i64 {
        let found = self.croner.find_next_occurrence(&naive(local), false);
        found.unwrap_or_else(|error| panic!("`{}`: {error}", self.text)).and_utc().timestamp()
    }

    /// The last local time before.
    #[must_use]
    pub fn before(&self, local: i64) -> i64 {
        let found = self.croner.find_previous_occurrence(&naive(local), false);
        found.unwrap_or_else(|error| panic!("`{}`: {error}", self.text)).and_utc().timestamp()
    }
}

/// How a window that begins by a cron expression ends.
#[derive(Clone, Debug)]
enum End {
    After(&'static str, i64),
    Cron(Box<Cron>),
}

/// A window by a cron expression.
#[derive(Clone, Debug)]
pub struct CronWindow {
    /// When it begins.
    pub start: Cron,
    end: End,
}

impl CronWindow {
    /// Any; most with times near the local time `near`.
    pub fn any(dice: &mut Dice, near: i64) -> Self {
        let start = Cron::of(&generated(dice, near));
        let end = if dice.one_in(2) {
            let (text, seconds) = DURATIONS[dice.roll(DURATIONS.len())];
            End::After(text, seconds)
        } else {
            let later = near + dice.between(0, 3) * dice.between(0, DAY);
            End::Cron(Box::new(Cron::of(&of_one_kind(&generated(dice, later)))))
        };
        Self { start, end }
    }

    /// It begins on days of the month and on weekdays: an error of an allow window.
    #[must_use]
    pub fn begins_on_two_kinds(&self) -> bool {
        of_one_kind(&self.start.text) != self.start.text
    }

    /// Whatever ends it begins it anew: an error of an allow window.
    #[must_use]
    pub fn ends_as_it_begins(&self, near: i64) -> bool {
        let End::Cron(end) = &self.end else { return false };
        let ends = std::iter::successors(Some(end.after(near)), |last| Some(end.after(*last)));
        ends.take(100).all(|end| self.start.after(end - 1) == end)
    }

    /// The window's keys.
    #[must_use]
    pub fn json(&self, zone: &Zone) -> Value {
        match &self.end {
            End::After(text, _) => json!({"start": self.start.text, "duration": text, "timezone": zone.name}),
            End::Cron(end) => json!({"start": self.start.text, "end": end.text, "timezone": zone.name}),
        }
    }

    /// All occurrences from before those on that may hold at `at`; without an end, in the order of their starts.
    ///
    /// In a gap a freeze window begins at the earlier reading and ends at the later one, an allow window (`is_allow`)
    /// the other way round.
    pub fn occurrences(&self, zone: &Zone, at: i64, is_allow: bool) -> impl Iterator<Item = Occurrence> {
        let begins = move |local| if is_allow { zone.by_rfc(local) } else { zone.first(local) };
        let ends = move |local| if is_allow { zone.first(local) } else { zone.by_rfc(local) };
        // Two days: more than any clock was ever put forward or back.
        let begin = zone.wall(at) - 2 * DAY;
        let mut local = match &self.end {
            End::After(_, seconds) => begin - seconds,
            // What began before an end has ended then, and what began before another start ends with it.
            End::Cron(end) => end.before(begin).max(self.start.before(begin)) - 1,
        };
        let mut end_local = local;
        let by_local_time = std::iter::from_fn(move || {
            local = self.start.after(local);
            let end = match &self.end {
                End::After(_, seconds) => ends(local) + seconds,
                End::Cron(end) => {
                    if end_local <= local {
                        end_local = end.after(local);
                    }
                    ends(end_local)
                }
            };
            Some((zone.first(local), Occurrence { start: begins(local), end }))
        });
        in_order(by_local_time)
    }
}

/// What comes with the first instant at which each may begin, by the instants at which they do.
fn in_order(mut all: impl Iterator<Item = (i64, Occurrence)>) -> impl Iterator<Item = Occurrence> {
    let mut waiting: Vec<Occurrence> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            let (earliest, next) = all.next()?;
            waiting.push(next);
            waiting.sort_by_key(|one| one.start);
            if waiting[0].start <= earliest {
                return Some(waiting.remove(0));
            }
        }
    })
}

/// An expression; most of its fields hold the parts of the local time `near`, or are wild. Some day matches it.
pub fn generated(dice: &mut Dice, near: i64) -> String {
    let near = naive(near);
    let minute = i64::from(near.minute());
    let minute = if dice.one_in(4) { field(dice, 0, 59, minute, &[]) } else { minute.to_string() };
    let hour = if dice.one_in(8) { "*".to_owned() } else { field(dice, 0, 23, near.hour().into(), &[]) };
    let day = if dice.one_in(2) { "*".to_owned() } else { field(dice, 1, 31, near.day().into(), &[]) };
    let month = match dice.roll(4) {
        0 if day.starts_with('*') => field(dice, 1, 12, near.month().into(), &MONTHS),
        1 => near.month().to_string(), // other months may lack the day
        _ => "*".to_owned(),
    };
    let weekday = match near.weekday().num_days_from_sunday() {
        0 if dice.one_in(2) => 7,
        other => other.into(),
    };
    let weekday = if dice.one_in(2) { "*".to_owned() } else { field(dice, 0, 7, weekday, &DAYS) };
    [minute, hour, day, month, weekday].join(" ")
}

/// The expression without its weekday, if it has a day of the month, too: the end of a freeze window has one alone.
fn of_one_kind(expression: &str) -> String {
    let mut fields: Vec<_> = expression.split(' ').collect();
    if fields[2] != "*" {
        fields[4] = "*";
    }
    fields.join(" ")
}

/// One field; `near` lies in its ranges and lists. `names` are those of the numbers from `min` on.
fn field(dice: &mut Dice, min: i64, max: i64, near: i64, names: &[&str]) -> String {
    match dice.roll(11) {
        0..4 => word(dice, near - min, min, names),
        4 => "*".to_owned(),
        5 => format!("*/{}", dice.between(1, max.min(30))),
        6 => range(dice, min, max, near, names),
        7 => format!("{}/{}", range(dice, min, max, near, names), dice.between(1, 7)),
        8 => format!("{},{near}", dice.between(min, max)),
        // To some programs a week goes on to Saturday, to others to Sunday: without its end that is an error.
        9 => format!("{near}{}/{}", if max == 7 { "-7" } else { "" }, dice.between(1, 20)),
        _ => format!("{},{}", range(dice, min, max, near, names), dice.between(min, max)),
    }
}

fn range(dice: &mut Dice, min: i64, max: i64, near: i64, names: &[&str]) -> String {
    let (from, to) = (dice.between(min, near), dice.between(near, max));
    // Sunday has a number at each end of the week, its name does not say which.
    let is_day = names.len() == DAYS.len();
    let word = |dice: &mut Dice, value: i64| {
        if is_day && value % 7 == 0 { value.to_string() } else { word(dice, value - min, min, names) }
    };
    format!("{}-{}", word(dice, from), word(dice, to))
}

fn word(dice: &mut Dice, index: i64, min: i64, names: &[&str]) -> String {
    let name = names.get(usize::try_from(index).expect("not below its minimum"));
    match name.filter(|_| dice.one_in(2)) {
        Some(name) if dice.one_in(2) => name.to_uppercase(),
        Some(name) => (*name).to_owned(),
        None => (min + index).to_string(),
    }
}

fn naive(local: i64) -> NaiveDateTime {
    DateTime::from_timestamp(local, 0).expect("a year of four digits").naive_utc()
}
