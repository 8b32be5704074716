//! The browser's door: a figure comes as JSON text.

use wasm_bindgen::prelude::*;

use crate::{Figure, Sheet, Table};

fn figure(json: &str) -> Result<Figure, JsValue> {
    serde_json::from_str(json).map_err(|e| JsValue::from_str(&e.to_string()))
}

fn problem(why: String) -> JsValue {
    JsValue::from_str(&why)
}

/// Px of a drawing that is `width_mm` wide.
#[wasm_bindgen]
pub fn px(width_mm: f64, text_pt: f64) -> f64 {
    width_mm / crate::mm_per_px(text_pt)
}

/// How much of the height the words take, px.
#[wasm_bindgen]
pub fn around(json: &str) -> Result<f64, JsValue> {
    Sheet::around(&figure(json)?).map_err(problem)
}

#[wasm_bindgen]
pub fn svg(json: &str) -> Result<String, JsValue> {
    let figure = figure(json)?;
    Ok(Sheet::of(&figure).map_err(problem)?.svg())
}

#[wasm_bindgen]
pub fn pdf(json: &str) -> Result<Vec<u8>, JsValue> {
    let figure = figure(json)?;
    Sheet::of(&figure)
        .and_then(|sheet| sheet.pdf())
        .map_err(problem)
}

#[wasm_bindgen]
pub fn png(json: &str, dpi: f64) -> Result<Vec<u8>, JsValue> {
    let figure = figure(json)?;
    Sheet::of(&figure)
        .and_then(|sheet| sheet.png(dpi))
        .map_err(problem)
}

#[wasm_bindgen]
pub fn tikz(json: &str) -> Result<String, JsValue> {
    let figure = figure(json)?;
    Sheet::of(&figure)
        .and_then(|sheet| sheet.tikz())
        .map_err(problem)
}

/// A table, as JSON text, as `tex`, `csv` or `json`.
#[wasm_bindgen]
pub fn table(json: &str, kind: &str) -> Result<String, JsValue> {
    let table: Table = serde_json::from_str(json).map_err(|e| problem(e.to_string()))?;
    Ok(match kind {
        "tex" => table.latex(),
        "csv" => table.csv(),
        _ => table.json(),
    })
}
