//! What of a report is long, as a few arrays of text and numbers: of a large grid there are tens of thousands of series and
//! thousands of payments, which as objects would cross to the page more slowly than they are computed.

use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::object;
use crate::report::{AllSeries, Entry, Part, Series, SeriesTable};

/// Stands between texts (a unit separator): no id or name has it.
const BETWEEN: &str = "\u{1f}";

fn record<const N: usize>(fields: [(&str, JsValue); N]) -> Result<JsValue, JsValue> {
    let made = Object::new();
    for (name, value) in fields {
        Reflect::set(&made, &name.into(), &value)?;
    }
    Ok(made.into())
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> JsValue {
    let all: Vec<&str> = texts.collect();
    JsValue::from_str(&all.join(BETWEEN))
}

fn numbers(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}

/// A list whose entries are a series, `{id, name, unit, index, values, subject?}`, or the series of a table, `{of, kinds, names,
/// units, items, steps, values}`, item by item, of each those of every kind. `www/js/session/packed.js` reads it.
pub fn packed(all: &AllSeries) -> Result<JsValue, JsValue> {
    let list = Array::new();
    for part in &all.parts {
        list.push(&match part {
            Part::One(series) => one(series)?,
            Part::Table(table) => of_table(table)?,
        });
    }
    Ok(list.into())
}

fn one(series: &Series) -> Result<JsValue, JsValue> {
    let made = record([
        ("id", series.id.as_str().into()),
        ("name", series.name.as_str().into()),
        ("unit", series.unit.as_str().into()),
        ("index", object(&series.index)?),
        ("values", numbers(&series.values)),
    ])?;
    if let Some(subject) = &series.subject {
        Reflect::set(&made, &"subject".into(), &object(subject)?)?;
    }
    Ok(made)
}

fn of_table(table: &SeriesTable) -> Result<JsValue, JsValue> {
    let columns = || table.columns.iter();
    record([
        ("of", object(&table.of)?),
        ("kinds", joined(columns().map(|c| c.kind.as_str()))),
        ("names", joined(columns().map(|c| c.name.as_str()))),
        ("units", joined(columns().map(|c| c.unit.as_str()))),
        ("items", joined(table.items.iter().map(String::as_str))),
        ("steps", (table.steps as u32).into()),
        ("values", numbers(&table.values)),
    ])
}

/// `{payers, payees, items, amounts}`.
pub fn payments(entries: &[Entry]) -> Result<JsValue, JsValue> {
    let amounts: Vec<f64> = entries.iter().map(|entry| entry.amount_usd).collect();
    record([
        ("payers", joined(entries.iter().map(|e| e.payer.as_str()))),
        ("payees", joined(entries.iter().map(|e| e.payee.as_str()))),
        ("items", joined(entries.iter().map(|e| e.item.as_str()))),
        ("amounts", numbers(&amounts)),
    ])
}
