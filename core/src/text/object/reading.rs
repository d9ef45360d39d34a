//! The one reader that fills the fields of every object.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::text::numbers::any;

use super::keys::{named, twice, unknown};
use super::lent::{Key, Lent};
use super::place::{Fill, FillMap, Object, OneOrMany, Place};

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
