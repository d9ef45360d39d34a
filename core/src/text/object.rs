//! Structs that are read from a JSON object and from nothing else.
//!
//! serde's derived code would take an array in its place, which is none of Kosli's documents and no call. It
//! would also be written out anew for each struct; here one reader fills them all, which keeps the module small.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::complaint::is_of_a_value;
use super::numbers::any;
use super::{complaint, excerpt, has, meant};

/// Defines structs of optional fields. `null` is a field left out, a field given twice is an error; other
/// keys are errors in a `strict` struct and skipped in an `open` one. One that borrows from its text is a `struct Name<'t>`.
macro_rules! objects {
    ($($kind:ident struct $name:ident $(<$text:lifetime>)? { $($field:ident = $key:literal: $type:ty,)+ })+) => { $(
        #[derive(Default)]
        struct $name $(<$text>)? { $($field: Option<$type>,)+ }

        const _: () = assert!([$($key),+].len() <= u64::BITS as usize, "its reader marks each key with a bit");

        impl<'t> crate::text::object::Object<'t> for $name $(<$text>)? {
            fn keys(&self) -> &'static [&'static str] {
                &[$($key),+]
            }

            fn is_strict(&self) -> bool {
                objects!(@ $kind)
            }

            fn given(&self) -> Vec<&'static str> {
                let given = [$(self.$field.is_some().then_some($key)),+];
                given.into_iter().flatten().collect()
            }

            fn place(&mut self, key: &crate::text::object::Key<'t>) -> Option<(usize, crate::text::object::Place<'_, 't>)> {
                #[expect(non_camel_case_types, reason = "the names of the fields, for their numbers")]
                enum At { $($field),+ }
                match &*key.0 {
                    $($key => Some((At::$field as usize, (&mut self.$field).into())),)+
                    _ => None,
                }
            }
        }

        impl<'t> serde::Deserialize<'t> for $name $(<$text>)? {
            fn deserialize<D: serde::Deserializer<'t>>(json: D) -> Result<Self, D::Error> {
                let mut object = Self::default();
                crate::text::object::read(&mut object, json).map(|()| object)
            }
        }
    )+ };
    (@ strict) => { true };
    (@ open) => { false };
}
pub(crate) use objects;

/// What [`objects`] implements, for objects of a text that lives for `'t`.
pub(crate) trait Object<'t> {
    fn keys(&self) -> &'static [&'static str];
    fn is_strict(&self) -> bool;
    /// The keys that it has, in the order of its fields.
    fn given(&self) -> Vec<&'static str>;
    /// Where the value of a key goes, and which of `keys` it is.
    fn place(&mut self, key: &Key<'t>) -> Option<(usize, Place<'_, 't>)>;
}

/// An object that keeps which of its keys it was given, `null` or not, and which came last: also that of an error.
#[derive(Default)]
pub(crate) struct Heard<'t, T> {
    pub(crate) object: T,
    /// One bit each, by its place in `keys`.
    pub(crate) seen: u64,
    pub(crate) last: Option<Cow<'t, str>>,
}

impl<'t, T: Object<'t>> Object<'t> for Heard<'t, T> {
    fn keys(&self) -> &'static [&'static str] {
        self.object.keys()
    }

    fn is_strict(&self) -> bool {
        self.object.is_strict()
    }

    fn given(&self) -> Vec<&'static str> {
        self.object.given()
    }

    fn place(&mut self, key: &Key<'t>) -> Option<(usize, Place<'_, 't>)> {
        self.last = Some(key.0.clone());
        let found = self.object.place(key);
        if let Some((at, _)) = found {
            self.seen |= 1 << at;
        }
        found
    }
}

/// A field by the kind of its values: where a value goes.
pub(crate) enum Place<'p, 't> {
    Text(&'p mut Option<String>),
    /// Copied only where it has escapes.
    Lent(&'p mut Option<Cow<'t, str>>),
    Code(&'p mut Option<i64>),
    Status(&'p mut Option<u16>),
    Count(&'p mut Option<u64>),
    Seconds(&'p mut Option<f64>),
    Flag(&'p mut Option<bool>),
    Texts(&'p mut Option<Vec<String>>),
    Json(&'p mut Option<&'t RawValue>),
    OneOrMany(&'p mut Option<OneOrMany>),
    Object(&'p mut dyn Fill<'t>),
    List(&'p mut dyn Fill<'t>),
    Map(&'p mut dyn FillMap<'t>),
}

/// A text, or a list of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// A field of objects: one or a list of them.
pub(crate) trait Fill<'t> {
    /// Says that there is one, if it has no object.
    fn begin(&mut self);
    /// The next object to fill.
    fn next(&mut self) -> &mut dyn Object<'t>;
}

impl<'t, T: Object<'t> + Default> Fill<'t> for Option<T> {
    fn begin(&mut self) {}

    fn next(&mut self) -> &mut dyn Object<'t> {
        self.insert(T::default())
    }
}

impl<'t, T: Object<'t> + Default> Fill<'t> for Option<Vec<T>> {
    fn begin(&mut self) {
        *self = Some(Vec::new());
    }

    fn next(&mut self) -> &mut dyn Object<'t> {
        let list = self.get_or_insert_default();
        list.push(T::default());
        list.last_mut().expect("one was pushed")
    }
}

/// Objects by their keys, whatever the keys are.
pub(crate) trait FillMap<'t> {
    /// What it is, for the error of what is something else.
    fn expected(&self) -> &'static str;
    /// Says that there is one, if it has no object.
    fn begin(&mut self);
    /// The object to fill next.
    fn next(&mut self) -> &mut dyn Object<'t>;
    /// Takes the object that was filled, under its key; an error says what is wrong with either.
    fn keep(&mut self, key: Cow<'t, str>) -> Result<(), String>;
}

/// `From` tells the kind of a field by its type.
macro_rules! places {
    ($($kind:ident: $type:ty,)+) => { $(
        impl<'p, 't> From<&'p mut Option<$type>> for Place<'p, 't> {
            fn from(field: &'p mut Option<$type>) -> Self {
                Place::$kind(field)
            }
        }
    )+ };
}

places! {
    Text: String,
    Lent: Cow<'t, str>,
    Code: i64,
    Status: u16,
    Count: u64,
    Seconds: f64,
    Flag: bool,
    Texts: Vec<String>,
    Json: &'t RawValue,
    OneOrMany: OneOrMany,
}

impl<'p, 't, T: Object<'t> + Default> From<&'p mut Option<T>> for Place<'p, 't> {
    fn from(field: &'p mut Option<T>) -> Self {
        Place::Object(field)
    }
}

impl<'p, 't, T: Object<'t> + Default> From<&'p mut Option<Vec<T>>> for Place<'p, 't> {
    fn from(field: &'p mut Option<Vec<T>>) -> Self {
        Place::List(field)
    }
}

/// Reads an object into `object`.
pub(crate) fn read<'t, D: Deserializer<'t>>(object: &mut dyn Object<'t>, json: D) -> Result<(), D::Error> {
    json.deserialize_map(Reader(object))
}

/// Reads a document into `object`: a large one need not be moved then.
pub(crate) fn read_document<'t>(object: &mut dyn Object<'t>, document: &'t str) -> serde_json::Result<()> {
    let mut json = serde_json::Deserializer::from_str(document);
    read(object, &mut json)?;
    json.end()
}

/// The field, or an error that names it.
pub(crate) fn need<T>(field: Option<T>, name: &str) -> Result<T, String> {
    field.ok_or_else(|| missing(name))
}

/// The words for a key that is not there, whatever the object is.
#[cold]
pub(crate) fn missing(key: &str) -> String {
    format!("it has no `{key}`")
}

/// A key that is there twice: which of the values is meant, nobody knows.
#[cold]
pub(crate) fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("it has `{key}` twice"))
}

objects! {
    open struct Named { name = "name": String, }
}

/// The `name` of any of Kosli's documents.
pub(crate) fn name(document: &str) -> Result<String, String> {
    let named: Named = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    need(named.name, "name")
}

struct Reader<'o, 't>(&'o mut dyn Object<'t>);

impl<'t> Visitor<'t> for Reader<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.0.keys()[0])
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let (keys, is_strict) = (self.0.keys(), self.0.is_strict());
        let mut seen = 0_u64;
        while let Some(key) = map.next_key()? {
            match self.0.place(&key) {
                Some((at, _)) if seen & (1 << at) != 0 => return Err(twice(keys[at])),
                Some((at, place)) => {
                    seen |= 1 << at;
                    map.next_value_seed(place).map_err(|error| named(&key.0, error))?;
                }
                None if is_strict => return Err(unknown(&key.0, keys)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

impl<'t> DeserializeSeed<'t> for Place<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        match self {
            Self::Text(field) => *field = Deserialize::deserialize(json)?,
            Self::Lent(field) => *field = Option::<Lent<'t>>::deserialize(json)?.map(|Lent(text)| text),
            Self::Code(field) => *field = Deserialize::deserialize(json)?,
            Self::Status(field) => *field = Deserialize::deserialize(json)?,
            Self::Count(field) => *field = Deserialize::deserialize(json)?,
            Self::Seconds(field) => *field = Deserialize::deserialize(json)?,
            Self::Flag(field) => *field = Deserialize::deserialize(json)?,
            Self::Texts(field) => *field = Deserialize::deserialize(json)?,
            Self::Json(field) => *field = Deserialize::deserialize(json)?,
            Self::OneOrMany(field) => *field = Deserialize::deserialize(json)?,
            Self::Object(field) => json.deserialize_option(One(field))?,
            Self::List(field) => json.deserialize_option(Many(field))?,
            Self::Map(field) => json.deserialize_option(Keyed(field))?,
        }
        Ok(())
    }
}

/// An object or `null`.
struct One<'f, 't>(&'f mut dyn Fill<'t>);

impl<'t> Visitor<'t> for One<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        read(self.0.next(), json)
    }
}

/// A list of objects or `null`.
struct Many<'f, 't>(&'f mut dyn Fill<'t>);

impl<'t> Visitor<'t> for Many<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        self.0.begin();
        json.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(NextObject(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// One more object of a list.
struct NextObject<'f, 't>(&'f mut dyn Fill<'t>);

impl<'t> DeserializeSeed<'t> for NextObject<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        read(self.0.next(), json)
    }
}

/// An object of objects or `null`.
struct Keyed<'f, 't>(&'f mut dyn FillMap<'t>);

impl<'t> Visitor<'t> for Keyed<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        self.0.begin();
        json.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            map.next_value_seed(Fields(self.0.next()))?;
            self.0.keep(key).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// The fields of one object.
struct Fields<'o, 't>(&'o mut dyn Object<'t>);

impl<'t> DeserializeSeed<'t> for Fields<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        read(self.0, json)
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMany::Many(texts))
            }
        }
        any(json, Texts)
    }
}

/// The error of a value, or of the keys of an object, does not say whose it is.
#[cold]
pub(crate) fn named<E: Error>(key: &str, error: E) -> E {
    let problem = error.to_string();
    if is_of_a_value(&problem) || problem.starts_with("it ") {
        E::custom(format_args!("`{}`: {problem}", excerpt(key)))
    } else {
        error
    }
}

/// An object's key, borrowed from the document where it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(Borrower("a key")).map(Self)
    }
}

/// The same of a value.
pub(crate) struct Lent<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Lent<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(Borrower("a string")).map(Self)
    }
}

/// What a text is, as it stands in its document. `serde_json` has looked for its end, and found no control character on the
/// way: where there is no escape, nothing is left to read.
pub(crate) fn text_of(json: &RawValue) -> serde_json::Result<Cow<'_, str>> {
    let quoted = json.get().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match quoted.filter(|text| !has(text, b'\\')) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => serde_json::from_str::<Lent<'_>>(json.get()).map(|Lent(text)| text),
    }
}

/// Takes a text, and says what else was expected.
struct Borrower(&'static str);

impl<'de> Visitor<'de> for Borrower {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// What the policies of Argo CD, GitLab, Harness and Octopus Deploy call the same.
const FOREIGN: [(&str, &str); 17] = [
    ("kind", "effect"),
    ("schedule", "start"),
    ("cron", "start"),
    ("freeze_start", "start"),
    ("freeze_end", "end"),
    ("startTime", "from"),
    ("endTime", "to"),
    ("cron_timezone", "timezone"),
    ("zone", "timezone"),
    ("tz", "timezone"),
    ("recurrence", "rrule"),
    ("description", "reason"),
    ("applications", "environments"),
    ("clusters", "environments"),
    ("syncWindows", "windows"),
    ("freeze_periods", "windows"),
    ("freezes", "windows"),
];

/// A key that nothing has; what it may be instead, if that is near, else all that there is.
#[cold]
pub(crate) fn unknown<E: Error>(key: &str, keys: &[&str]) -> E {
    let shown = excerpt(key);
    let foreign = FOREIGN.iter().find(|(theirs, ours)| *theirs == key && keys.contains(ours)).map(|(_, ours)| *ours);
    match foreign.or_else(|| meant(key, keys)) {
        Some(guess) => E::custom(format_args!("it takes no `{shown}`; did you mean `{guess}`?")),
        None => E::custom(format_args!("it takes no `{shown}`, only `{}`", keys.join("`, `"))),
    }
}
