//! The WebAssembly modules and their JavaScript doors: one of everything, and one for each mechanism, which a page of
//! one question loads in a fraction of the time.

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

/// The module of everything.
pub const WHOLE: &str = "tandem";

/// The crates beside the library, each a module with a door of its own: figures for papers, formats of other programs.
const BESIDE: [&str; 2] = ["figures", "formats"];

/// The modules of one mechanism, each with the features of the library that its presets need.
const PARTS: [(&str, &[&str]); 5] = [
    ("rt_sced", &["rt_sced"]),
    (
        "residual_supply",
        &["residual_supply", "power_flow", "ahead"],
    ),
    ("bargaining", &["bargaining", "ahead"]),
    (
        "bsp_bidding",
        &["bsp_bidding", "residual_supply", "power_flow", "ahead"],
    ),
    ("community", &["community", "ahead"]),
];

/// Compile the library of the crate at `root` for the browser, once `whole` or for each mechanism as well; the names
/// of the modules with their paths.
///
/// The modules are packages of a workspace of their own, written below `target/`: the same sources with other features.
/// One call of cargo then compiles what they share once, and as many of them side by side as there are processors. They
/// are libraries for the browser alone, without which cargo optimises none of them across crates. What one mechanism
/// leaves unused is refused.
pub fn compile(root: &Path, whole: bool) -> Result<Vec<(String, PathBuf)>, Failure> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let folder = root.join("target/modules");
    let parts = PARTS.iter().filter(|_| !whole);
    let mut names = vec![WHOLE];
    write(&folder.join(WHOLE), &package(root, &manifest, WHOLE, None)?)?;
    for (name, features) in parts {
        write(
            &folder.join(name),
            &package(root, &manifest, name, Some(features))?,
        )?;
        names.push(name);
    }
    for name in BESIDE {
        write(&folder.join(name), &beside(root, name)?)?;
        names.push(name);
    }
    write(&folder, &workspace(&manifest, &names)?)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;

    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(&folder)
        .args(["build", "--profile", PROFILE, "--target", TARGET])
        .arg("--workspace")
        .arg("--target-dir")
        .arg(&target)
        .args(["--config", &without_machine_paths(root)])
        .status()?;
    if !status.success() {
        return Err(format!("cargo build for {TARGET} failed ({status})").into());
    }
    let built = target.join(TARGET).join(PROFILE);
    let module = |name: &str| (name.to_owned(), built.join(format!("module_{name}.wasm")));
    Ok(names.into_iter().map(module).collect())
}

/// Write the manifest of a folder; nothing where it is written, so that cargo need not look again.
fn write(folder: &Path, manifest: &str) -> Result<(), Failure> {
    let path = folder.join("Cargo.toml");
    fs::create_dir_all(folder)?;
    if fs::read_to_string(&path).ok().as_deref() != Some(manifest) {
        fs::write(path, manifest)?;
    }
    Ok(())
}

/// The manifest of the workspace: the profiles of the project.
fn workspace(manifest: &str, members: &[&str]) -> Result<String, Failure> {
    let profiles = section(manifest, "[profile.release]", "[[bench]]")?;
    Ok(format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{profiles}"
    ))
}

/// The manifest of a module: features and dependencies of the project; without `features`, those of the project.
fn package(
    root: &Path,
    manifest: &str,
    name: &str,
    features: Option<&[&str]>,
) -> Result<String, Failure> {
    let version = section(manifest, "version = ", "\n")?;
    let dependencies = section(manifest, "[dependencies]", "[target.'cfg(not")?;
    let mut all = section(manifest, "[features]", "[dependencies]")?.to_owned();
    if let Some(features) = features {
        let default = section(&all, "default = ", "\n")?.to_owned();
        all = all.replace(&default, &format!("default = {features:?}"));
    }
    let source = root.join("src/lib.rs");
    Ok(format!(
        "[package]\nname = \"module_{name}\"\n{version}\nedition = \"2024\"\n\n\
         [lib]\npath = {source:?}\ncrate-type = [\"cdylib\"]\n\n[lints.rust]\nwarnings = \"deny\"\n\n{all}\n{dependencies}"
    ))
}

/// The manifest of the module of a crate beside the library: its dependencies, in a library for the browser alone.
fn beside(root: &Path, name: &str) -> Result<String, Failure> {
    let folder = root.join(name);
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    let dependencies = manifest
        .find("[dependencies]")
        .ok_or_else(|| format!("{name}/Cargo.toml must hold `[dependencies]`"))?;
    let (source, dependencies) = (folder.join("src/lib.rs"), &manifest[dependencies..]);
    Ok(format!(
        "[package]\nname = \"module_{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [lib]\npath = {source:?}\ncrate-type = [\"cdylib\"]\n\n[lints.rust]\nwarnings = \"deny\"\n\n{dependencies}"
    ))
}

/// The part of a manifest from one mark to the next.
fn section<'a>(manifest: &'a str, from: &str, to: &str) -> Result<&'a str, Failure> {
    let missing = || format!("Cargo.toml must hold `{from}` and, behind it, `{to}`");
    let start = manifest.find(from).ok_or_else(missing)?;
    let end = manifest[start..].find(to).ok_or_else(missing)?;
    Ok(&manifest[start..start + end])
}

/// A setting of cargo that keeps the folders of this machine out of the module: the messages of panics
/// name source files, those of other crates and of Rust itself by the folders that hold them here.
fn without_machine_paths(root: &Path) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry").join("src")).ok());
    let mut folders: Vec<(PathBuf, &str)> = registries
        .into_iter()
        .flatten()
        .flatten()
        .map(|registry| (registry.path(), "crates"))
        .collect();
    folders.push((root.to_path_buf(), "tandem"));
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

/// Write the one door of all modules of the library, `tandem.js`, those of the crates beside it, and each
/// module as `NAME_bg.wasm` into `code`, the types into `types`.
///
/// A module of one mechanism needs nothing of the browser that the whole does not, by the same names, so that the door
/// of the whole opens each; where that ceases to hold, the build fails.
pub fn bind(modules: &[(String, PathBuf)], code: &Path, types: &Path) -> Result<(), Failure> {
    let door = |folder: &Path| fs::read_to_string(folder.join(format!("{WHOLE}.js")));
    for (name, module) in modules {
        let (own, out) = match name.as_str() {
            name if name == WHOLE || BESIDE.contains(&name) => (code.to_path_buf(), name),
            _ => (code.join(name), WHOLE),
        };
        Bindgen::new()
            .input_path(module)
            .out_name(out)
            .web(true)?
            .omit_default_module_path(false)
            .typescript(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&own)?;
        if own == code {
            continue;
        }
        let whole = door(code)?;
        if let Some(line) = door(&own)?.lines().find(|line| !whole.contains(line)) {
            return Err(format!("the door of {WHOLE} does not open {name}: {line}").into());
        }
        let wasm = format!("{WHOLE}_bg.wasm");
        fs::rename(own.join(wasm), code.join(format!("{name}_bg.wasm")))?;
        fs::remove_dir_all(own)?;
    }
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
