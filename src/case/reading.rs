//! A JSON value as serde reads a type from it: a structure is written as an object alone, and what does not fit is
//! known by its place.
//!
//! `serde_json` takes an array for a structure, too, its fields by place. Nobody writes that, a field more would
//! give every old document another meaning, and the code for it is a tenth of what reading needs. The place is
//! kept in one list beside the value, which costs a fifteenth of what a deserializer around every other one does.

use std::cell::RefCell;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected,
    Visitor, value::StrDeserializer,
};
use serde_json::{Error, Map, Value, map};

/// A step of the way to a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Item(usize),
    Field(String),
}

/// Reads a type from a value; where that fails, with the way to the first value that does not fit.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, (Vec<Step>, Error)> {
    let way = RefCell::new(Vec::new());
    let read = T::deserialize(Reading { value, way: &way });
    read.map_err(|error| (way.into_inner(), error))
}

/// A value to read from, and the way to it.
#[derive(Clone, Copy)]
struct Reading<'de, 'w> {
    value: &'de Value,
    way: &'w RefCell<Vec<Step>>,
}

impl<'de, 'w> Reading<'de, 'w> {
    /// Reads what lies one step below; the step is taken back where that fits.
    fn below<S: DeserializeSeed<'de>>(
        way: &'w RefCell<Vec<Step>>,
        step: Step,
        value: &'de Value,
        seed: S,
    ) -> Result<S::Value, Error> {
        way.borrow_mut().push(step);
        let read = seed.deserialize(Reading { value, way })?;
        way.borrow_mut().pop();
        Ok(read)
    }

    fn unexpected(self) -> Unexpected<'de> {
        match self.value {
            Value::Null => Unexpected::Unit,
            Value::Bool(b) => Unexpected::Bool(*b),
            Value::Number(n) => match (n.as_u64(), n.as_i64()) {
                (Some(n), _) => Unexpected::Unsigned(n),
                (_, Some(n)) => Unexpected::Signed(n),
                _ => Unexpected::Float(n.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(s) => Unexpected::Str(s),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }
}

macro_rules! leaves {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.value.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reading<'de, '_> {
    type Error = Error;

    leaves! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_unit deserialize_identifier
        deserialize_ignored_any deserialize_bytes deserialize_byte_buf
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Array(items) = self.value else {
            return Err(Error::invalid_type(self.unexpected(), &visitor));
        };
        let mut rest = Items {
            items,
            next: 0,
            way: self.way,
        };
        let value = visitor.visit_seq(&mut rest)?;
        match rest.next == items.len() {
            true => Ok(value),
            false => Err(Error::invalid_length(items.len(), &"fewer items")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Object(fields) = self.value else {
            return Err(Error::invalid_type(self.unexpected(), &visitor));
        };
        visitor.visit_map(Fields::of(fields, self.way))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}

/// What is left of an array.
struct Items<'de, 'w> {
    items: &'de [Value],
    next: usize,
    way: &'w RefCell<Vec<Step>>,
}

impl<'de> SeqAccess<'de> for &mut Items<'de, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(value) = self.items.get(self.next) else {
            return Ok(None);
        };
        let step = Step::Item(self.next);
        self.next += 1;
        Reading::below(self.way, step, value, seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// What is left of an object.
struct Fields<'de, 'w> {
    fields: map::Iter<'de>,
    here: Option<(&'de String, &'de Value)>,
    way: &'w RefCell<Vec<Step>>,
}

impl<'de, 'w> Fields<'de, 'w> {
    fn of(fields: &'de Map<String, Value>, way: &'w RefCell<Vec<Step>>) -> Self {
        Fields {
            fields: fields.iter(),
            here: None,
            way,
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        self.here = self.fields.next();
        let Some((name, _)) = self.here else {
            return Ok(None);
        };
        // A name that is unknown is the place of the fault.
        self.way.borrow_mut().push(Step::Field(name.clone()));
        let key = seed.deserialize(StrDeserializer::<Error>::new(name))?;
        self.way.borrow_mut().pop();
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((name, value)) = self.here.take() else {
            return Err(Error::custom("a value without a name"));
        };
        Reading::below(self.way, Step::Field(name.clone()), value, seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len())
    }
}
