//! JSON as answers have it: without blanks, written in one pass.
//!
//! `serde_json` writes the same, looking at each byte by itself, also at the names of fields: half of an answer, and a
//! tenth of what a gate's decision takes.

use std::fmt::Write as _;

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};
use serde_json::Error;

/// What `serde_json` calls JSON that is to be written as it is (a `RawValue`): a struct with one field.
const RAW: &str = "$serde_json::private::RawValue";

/// A value as JSON. Its maps have texts for keys, and its enums are told by a field or have no fields.
pub(crate) fn compact(value: &impl Serialize) -> Result<String, Error> {
    compact_within(0, value)
}

/// The same of what is seldom longer than so many bytes: its text need not grow.
pub(crate) fn compact_within(usual: usize, value: &impl Serialize) -> Result<String, Error> {
    let mut text = String::with_capacity(usual);
    value.serialize(Compact { text: &mut text, is_raw: false })?;
    Ok(text)
}

struct Compact<'w> {
    text: &'w mut String,
    /// A text is JSON that is to be written as it is.
    is_raw: bool,
}

impl Compact<'_> {
    fn quote(self, text: &str) {
        self.text.push('"');
        if is_plain(text) {
            self.text.push_str(text);
        } else {
            escape(self.text, text);
        }
        self.text.push('"');
    }
}

/// `true` if nothing in it has to be escaped. Without a branch: many bytes at once.
#[expect(clippy::needless_bitwise_bool, reason = "`&&` is a branch for each byte")]
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |is_plain, byte| is_plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'))
}

fn escape(to: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            // Writing to a String cannot fail.
            '\0'..' ' => _ = write!(to, "\\u{:04x}", c as u32),
            _ => to.push(c),
        }
    }
}

fn none<T>(what: &str) -> Result<T, Error> {
    Err(Error::custom(format_args!("an answer has no {what}")))
}

/// `serialize_*` of numbers and truths, which are written as Rust writes them.
macro_rules! words {
    ($($name:ident: $type:ty,)+) => { $(
        fn $name(self, word: $type) -> Result<(), Error> {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "{word}");
            Ok(())
        }
    )+ };
}

impl<'w> Serializer for Compact<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'w>;
    type SerializeTuple = Parts<'w>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Parts<'w>;
    type SerializeStruct = Parts<'w>;
    type SerializeStructVariant = Impossible<(), Error>;

    words! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        none("number of so few digits")
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        self.text.push_str(&serde_json::to_string(&number)?);
        Ok(())
    }

    fn serialize_char(self, c: char) -> Result<(), Error> {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if self.is_raw {
            self.text.push_str(text);
        } else {
            self.quote(text);
        }
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        none("bytes")
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Error> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        none("variant around a value")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'w>, Error> {
        Ok(Parts::begin(self.text, "[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'w>, Error> {
        Ok(Parts::begin(self.text, "[", "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        none("struct of values without names")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        none("variant of values without names")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'w>, Error> {
        Ok(Parts::begin(self.text, "{", "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'w>, Error> {
        Ok(if name == RAW { Parts::begin(self.text, "", "") } else { Parts::begin(self.text, "{", "}") })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        none("variant that is told by a key")
    }
}

/// A list or an object that has begun.
struct Parts<'w> {
    text: &'w mut String,
    end: &'static str,
    is_first: bool,
}

impl<'w> Parts<'w> {
    fn begin(text: &'w mut String, begin: &str, end: &'static str) -> Self {
        text.push_str(begin);
        Self { text, end, is_first: true }
    }

    fn next(&mut self) -> Compact<'_> {
        if !std::mem::take(&mut self.is_first) {
            self.text.push(',');
        }
        Compact { text: self.text, is_raw: false }
    }

    fn value(&mut self) -> Compact<'_> {
        // What has no end is not begun either: JSON as it is.
        Compact { text: self.text, is_raw: self.end.is_empty() }
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Error> {
        self.text.push_str(self.end);
        Ok(())
    }
}

impl SerializeTuple for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Error> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(self.next())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.text.push(':');
        value.serialize(self.value())
    }

    fn end(self) -> Result<(), Error> {
        SerializeSeq::end(self)
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if !self.end.is_empty() {
            // The name of a field has nothing to escape.
            self.next().text.extend(["\"", name, "\":"]);
        }
        value.serialize(self.value())
    }

    fn end(self) -> Result<(), Error> {
        SerializeSeq::end(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::value::RawValue;

    use super::compact;

    #[track_caller]
    fn check(value: &impl Serialize) {
        assert_eq!(compact(value).expect("JSON"), serde_json::to_string(value).expect("JSON"));
    }

    #[test]
    fn it_is_what_serde_json_writes() {
        for c in ('\0'..='\u{100}').chain(['\u{2028}', '\u{ffff}', '🚀']) {
            check(&c);
            check(&format!("a{c}b"));
        }
        check(&(true, -1_i64, u64::MAX, 0_u8, 1.0, 1e300, -0.1, None::<&str>, Some("x"), ()));
        check(&[BTreeMap::from([("a\"", vec![1, 2]), ("b", vec![])]), BTreeMap::new()]);
        check(&RawValue::from_string(r#"{ "a" : "\u0041" }"#.to_owned()).expect("JSON"));
    }

    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Told {
        One {},
        Two {
            #[serde(skip_serializing_if = "Option::is_none")]
            left_out: Option<u8>,
            json: Box<RawValue>,
            deep: Box<Told>,
        },
    }

    #[test]
    fn so_is_an_enum_that_is_told_by_a_field() {
        let json = RawValue::from_string("[ 1 ]".to_owned()).expect("JSON");
        check(&[Told::Two { left_out: None, json, deep: Box::new(Told::One {}) }, Told::One {}]);
    }
}
