//! The series of a report as a few long arrays: of a large grid there are tens of thousands, which as objects would cross
//! to the page more slowly than they are computed.

use std::collections::HashMap;

use js_sys::{Array, Float64Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::object;
use crate::case::SubjectKind;
use crate::report::{Index, Series};

/// Stands between texts (a unit separator): no id or name has it.
const BETWEEN: &str = "\u{1f}";

/// `{heads, head, ids, names, subjects, ends, values}`: of series k, `heads[head[k]]` is `{unit, index, kind}`, the texts
/// stand in order, and its values end at `ends[k]`, where those of the next begin. `www/js/session/series.js`
/// reads it.
pub fn packed(series: &[Series]) -> Result<JsValue, JsValue> {
    let heads = Array::new();
    let mut known: HashMap<(&str, Option<SubjectKind>), u32> = HashMap::new();
    let (mut head, mut ends) = (Vec::new(), Vec::new());
    let mut values: Vec<f64> = Vec::new();
    for one in series {
        let kind = one.subject.as_ref().map(|subject| subject.kind);
        let own = (one.unit.as_str(), kind);
        let of_clock = matches!(one.index, Index::Clock);
        let place = match known.get(&own).filter(|_| of_clock) {
            Some(place) => *place,
            None => {
                let made = Object::new();
                Reflect::set(&made, &"unit".into(), &JsValue::from_str(&one.unit))?;
                Reflect::set(&made, &"index".into(), &object(&one.index)?)?;
                Reflect::set(&made, &"kind".into(), &object(&kind)?)?;
                let place = heads.push(&made) - 1;
                if of_clock {
                    known.insert(own, place);
                }
                place
            }
        };
        head.push(place);
        values.extend(&one.values);
        ends.push(values.len() as u32);
    }
    let texts = |text: for<'a> fn(&'a Series) -> &'a str| {
        let all: Vec<&str> = series.iter().map(text).collect();
        JsValue::from_str(&all.join(BETWEEN))
    };
    let packed = Object::new();
    let parts: [(&str, JsValue); 7] = [
        ("heads", heads.into()),
        ("head", Uint32Array::from(head.as_slice()).into()),
        ("ids", texts(|one| &one.id)),
        ("names", texts(|one| &one.name)),
        (
            "subjects",
            texts(|one| one.subject.as_ref().map_or("", |s| s.id.as_str())),
        ),
        ("ends", Uint32Array::from(ends.as_slice()).into()),
        ("values", Float64Array::from(values.as_slice()).into()),
    ];
    for (name, part) in parts {
        Reflect::set(&packed, &name.into(), &part)?;
    }
    Ok(packed.into())
}
