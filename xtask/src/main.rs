//! Build tasks of the page: `cargo xtask dist`.
//!
//! `dist` compiles the library to WebAssembly, writes its JavaScript door, renders the equations
//! page and puts them with the files of `www/` into `dist/`, a folder any static host serves as it is.

mod equations;
mod math;
mod palette;
mod precache;
mod site;
mod wasm;

use std::{error::Error, process::ExitCode};

/// A failure of a task: what went wrong and, where there is one, the remedy.
pub type Failure = Box<dyn Error>;

const USAGE: &str = "usage: cargo xtask dist";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["dist"] => site::dist(),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
