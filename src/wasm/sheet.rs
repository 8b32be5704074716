//! A report at the browser's door.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{large, object, packed, sentence};
use crate::chart::{self, View};
use crate::report::{AllSeries, Report, Series};

/// `null` for what is known.
fn unless<T: Serialize>(known: bool, value: &T) -> Result<JsValue, JsValue> {
    match known {
        true => Ok(JsValue::NULL),
        false => large(value),
    }
}

/// A report to be drawn.
#[wasm_bindgen]
pub struct Sheet(pub(super) Report);

#[wasm_bindgen]
impl Sheet {
    /// The report as a plain object. Series values are `Float64Array`s.
    pub fn report(&mut self) -> Result<JsValue, JsValue> {
        let series = std::mem::take(&mut self.0.series);
        let bare = series.iter().map(|one| Series {
            values: Vec::new(),
            ..one.clone()
        });
        self.0.series = AllSeries::from(Vec::from_iter(bare));
        let result = large(&self.0);
        self.0.series = series;
        let result = result?;
        let list = js_sys::Array::from(&js_sys::Reflect::get(&result, &"series".into())?);
        for (one, made) in self.0.series.iter().zip(list.iter()) {
            let values = js_sys::Float64Array::from(one.values.as_slice());
            js_sys::Reflect::set(&made, &"values".into(), &values)?;
        }
        Ok(result)
    }

    /// The report with what is long in it packed, which `www/js/session/packed.js` reads.
    pub fn packed(&mut self) -> Result<JsValue, JsValue> {
        self.packed_but(None)
    }

    /// The same, with `null` in the place of tables, marks of charts and lists that are those of the report `before`.
    pub fn packed_since(&mut self, before: &Sheet) -> Result<JsValue, JsValue> {
        self.packed_but(Some(&before.0))
    }

    fn packed_but(&mut self, before: Option<&Report>) -> Result<JsValue, JsValue> {
        let report = &mut self.0;
        let long = Report {
            series: std::mem::take(&mut report.series),
            tables: std::mem::take(&mut report.tables),
            charts: std::mem::take(&mut report.charts),
            ledger: std::mem::take(&mut report.ledger),
            parties: std::mem::take(&mut report.parties),
            explains_parties: std::mem::take(&mut report.explains_parties),
            ..Report::default()
        };
        let result = large(report);
        report.series = long.series;
        report.tables = long.tables;
        report.charts = long.charts;
        report.ledger = long.ledger;
        report.parties = long.parties;
        report.explains_parties = long.explains_parties;
        let result = result?;
        let put = |name: &str, value: JsValue| js_sys::Reflect::set(&result, &name.into(), &value);
        put("packed", packed::packed(&report.series)?)?;
        put("payments", packed::payments(&report.ledger.entries)?)?;
        let tables = js_sys::Array::new();
        for (k, table) in report.tables.iter().enumerate() {
            let known = before.and_then(|before| before.tables.get(k));
            tables.push(&match known == Some(table) {
                true => JsValue::NULL,
                false => large(table)?,
            });
        }
        put("tables", tables.into())?;
        let charts = js_sys::Array::new();
        for (k, chart) in report.charts.iter_mut().enumerate() {
            let known = before.and_then(|before| before.charts.get(k));
            if known.is_some_and(|known| known.marks == chart.marks) {
                let marks = std::mem::take(&mut chart.marks);
                let made = large(chart);
                chart.marks = marks;
                let made = made?;
                js_sys::Reflect::set(&made, &"marks".into(), &JsValue::NULL)?;
                charts.push(&made);
            } else {
                charts.push(&large(chart)?);
            }
        }
        put("charts", charts.into())?;
        if !report.parties.is_empty() {
            let known = before.is_some_and(|before| before.parties == report.parties);
            put("parties", unless(known, &report.parties)?)?;
        }
        if !report.explains_parties.is_empty() {
            let own = &report.explains_parties;
            let known = before.is_some_and(|before| before.explains_parties == *own);
            put("explains_parties", unless(known, own)?)?;
        }
        for name in ["series", "ledger"] {
            js_sys::Reflect::delete_property(&result.clone().into(), &name.into())?;
        }
        Ok(result)
    }

    /// Draws a chart: `{svg, frame, legend, points, key}`.
    pub fn chart(&self, id: &str, view: JsValue) -> Result<JsValue, JsValue> {
        let view: View =
            serde_wasm_bindgen::from_value(view).map_err(|e| sentence(e.to_string()))?;
        object(&chart::draw(&self.0, id, &view).map_err(sentence)?)
    }

    /// The table of a chart.
    pub fn table(&self, id: &str) -> Result<JsValue, JsValue> {
        object(&chart::table(&self.0, id).map_err(sentence)?)
    }

    /// A chart as CSV text.
    pub fn csv(&self, id: &str) -> Result<String, JsValue> {
        chart::csv(&self.0, id).map_err(sentence)
    }
}
