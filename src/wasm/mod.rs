//! The browser door: what the page can call. No arithmetic here.

use wasm_bindgen::prelude::wasm_bindgen;

/// Version of the program, as in `Cargo.toml`.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
