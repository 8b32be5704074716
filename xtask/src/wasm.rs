//! The WebAssembly module and its JavaScript door.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use wasm_bindgen_cli_support::Bindgen;

use crate::Failure;

const TARGET: &str = "wasm32-unknown-unknown";
/// The profile of `Cargo.toml` for the browser.
const PROFILE: &str = "web";

/// Compile the library of the crate at `root` for the browser and return the path of the module.
pub fn compile(root: &Path) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(root)
        .args(["build", "--profile", PROFILE, "--lib", "--target", TARGET])
        .args(["--package", "tandem"])
        .status()?;
    if !status.success() {
        return Err(format!("cargo build for {TARGET} failed ({status})").into());
    }
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    };
    Ok(target.join(TARGET).join(PROFILE).join("tandem.wasm"))
}

/// Write the browser's door to `module`: `tandem.js` and `tandem_bg.wasm` into `code`, `tandem.d.ts` into `types`.
pub fn bind(module: &Path, code: &Path, types: &Path) -> Result<(), Failure> {
    Bindgen::new()
        .input_path(module)
        .out_name("tandem")
        .web(true)?
        .omit_default_module_path(false)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(code)?;
    fs::create_dir_all(types)?;
    for entry in fs::read_dir(code)? {
        let path = entry?.path();
        if let Some(name) = path.file_name()
            && name.to_string_lossy().ends_with(".d.ts")
        {
            fs::rename(&path, types.join(name))?;
        }
    }
    Ok(())
}
