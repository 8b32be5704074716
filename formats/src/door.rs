//! The door of the browser.

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

/// The files of one grid.
#[wasm_bindgen]
#[derive(Default)]
pub struct Files(Vec<(String, Vec<u8>)>);

#[wasm_bindgen]
impl Files {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Files {
        Files::default()
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.0.push((name.to_string(), bytes.to_vec()));
    }

    /// The grid as JSON: `text`, a MATPOWER case file, and `told`, the report of the import; nothing where none of the
    /// formats is recognised.
    pub fn convert(&self) -> Result<Option<String>, wasm_bindgen::JsError> {
        let made = crate::matpower(&self.0).map_err(|why| wasm_bindgen::JsError::new(&why))?;
        Ok(made.map(|grid| {
            json!({
                "text": grid.text,
                "told": {
                    "format": grid.format,
                    "changed": grid.notes.changed,
                    "left_out": grid.notes.left_out,
                    "assumed": grid.notes.assumed,
                },
            })
            .to_string()
        }))
    }
}
