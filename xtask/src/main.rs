//! Tasks of the project: `cargo xtask dist` and `cargo xtask deny`.
//!
//! `dist` compiles the library to WebAssembly, writes its JavaScript door, renders the equations
//! page and puts them with the files of `www/` into `dist/`, a folder any static host serves as it is.
//! `deny` checks the dependencies against `deny.toml`.

mod deny;
mod equations;
mod math;
mod palette;
mod precache;
mod site;
mod wasm;
mod words;

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// A failure of a task: what went wrong and, where there is one, the remedy.
pub type Failure = Box<dyn Error>;

const USAGE: &str = "usage: cargo xtask dist [--whole] | deny";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["deny"] => deny::deny(),
        ["dist"] => site::dist(false),
        // The modules of one mechanism take longer to compile than all else: a change is tried without them.
        ["dist", "--whole"] => site::dist(true),
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

/// The folder of the repository.
fn root() -> Result<PathBuf, Failure> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own
        .parent()
        .ok_or("the xtask package has no parent folder")?;
    Ok(root.to_path_buf())
}
