//! Structs that are read from a JSON object and from nothing else.
//!
//! serde's derived code would take an array in its place, which is none of Kosli's documents and no call. It
//! would also be written out anew for each struct; here one reader fills them all, which keeps the module small.

mod keys;
mod lent;
mod place;
mod reading;

use super::complaint;

pub(crate) use self::keys::{missing, named, twice, unknown};
pub(crate) use self::lent::{Key, Lent, text_of};
pub(crate) use self::place::{FillMap, Heard, Object, OneOrMany, Place};
pub(crate) use self::reading::{read, read_document};

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

/// The field, or an error that names it.
pub(crate) fn need<T>(field: Option<T>, name: &str) -> Result<T, String> {
    field.ok_or_else(|| missing(name))
}

objects! {
    open struct Named { name = "name": String, }
}

/// The `name` of any of Kosli's documents.
pub(crate) fn name(document: &str) -> Result<String, String> {
    let named: Named = serde_json::from_str(document).map_err(|error| complaint(&error))?;
    need(named.name, "name")
}
