//! Where the values of an object go: its fields, by the kinds of their values.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::lent::Key;

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
