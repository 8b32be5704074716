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
        .args(["--config", &without_machine_paths()])
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

/// A setting of cargo that keeps the folders of this machine out of the module: the messages of panics
/// name source files, those of other crates and of Rust itself by the folders that hold them here.
fn without_machine_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry").join("src")).ok());
    let mut folders: Vec<(PathBuf, &str)> = registries
        .into_iter()
        .flatten()
        .flatten()
        .map(|registry| (registry.path(), "crates"))
        .collect();
    let rustc = Command::new("rustc").args(["--print", "sysroot"]).output();
    if let Some(sysroot) = rustc
        .ok()
        .and_then(|out| String::from_utf8(out.stdout).ok())
    {
        let sysroot = PathBuf::from(sysroot.trim());
        folders.extend(sysroot.canonicalize().map(|real| (real, "rust")));
        folders.push((sysroot, "rust"));
    }
    let flags: Vec<String> = folders
        .iter()
        .map(|(folder, name)| format!("'--remap-path-prefix={}={name}'", folder.display()))
        .collect();
    format!("target.{TARGET}.rustflags=[{}]", flags.join(","))
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
