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

const USAGE: &str = "usage: cargo xtask dist [--whole] [--address https://HOST/PATH/] | deny";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["deny"] => deny::deny(),
        ["dist", options @ ..] => read(options).and_then(|options| site::dist(&options)),
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

/// The options of `dist` as they were given.
fn read<'a>(words: &[&'a str]) -> Result<site::Options<'a>, Failure> {
    let mut options = site::Options::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--whole" => options.whole = true,
            "--address" => {
                let site = rest.next().ok_or(USAGE)?;
                // Before anything is compiled; scripts/told.js looks at the whole of it.
                if !site.starts_with("https://") && !site.starts_with("http://") {
                    return Err(format!("--address {site}: {USAGE}").into());
                }
                options.address = Some(site);
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(options)
}

/// The folder of the repository.
fn root() -> Result<PathBuf, Failure> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own
        .parent()
        .ok_or("the xtask package has no parent folder")?;
    Ok(root.to_path_buf())
}
