//! The folder of the page, put together.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Failure, equations, palette, precache, root, wasm, words};

/// Files of `www/` that are read by the build and not served.
const TEMPLATES: [&str; 2] = ["how.template.html", "words.template.html"];

/// What a build may be told.
#[derive(Default)]
pub struct Options<'a> {
    /// The module of everything alone: those of one mechanism take longer to compile than all else.
    pub whole: bool,
    /// Where the site will be. What has to name it in full is left out without.
    pub address: Option<&'a str>,
}

/// Build `dist/`. The new folder replaces the old one only when every part of it is complete.
pub fn dist(options: &Options) -> Result<(), Failure> {
    let root = root()?;
    let site = root.join("target/site");
    let types = root.join("target/types");
    remove(&site)?;

    let modules = wasm::compile(&root, options.whole)?;
    copy_tree(&root.join("www"), &site)?;
    copy_tree(&root.join("src/scenario/lessons"), &site.join("lessons"))?;
    wasm::bind(&modules, &site.join("pkg"), &types.join("pkg"))?;
    script(
        &root,
        "scripts/vendor.js",
        &[&site.join("vendor"), &types.join("vendor")],
    )?;

    let text = fs::read_to_string(root.join("docs/EQUATIONS.md"))?;
    let template = fs::read_to_string(root.join("www/how.template.html"))?;
    let page = equations::page(&text, &template)
        .map_err(|failure| format!("docs/EQUATIONS.md: {failure}"))?;
    let words = words::words(
        &fs::read_to_string(root.join("www/glossary.json"))?,
        &fs::read_to_string(root.join("www/words.template.html"))?,
        &page.html,
    )
    .map_err(|failure| format!("www/glossary.json: {failure}"))?;
    fs::write(site.join("glossary.json"), words.json)?;
    fs::write(site.join("words.html"), words.html)?;
    fs::write(site.join("how.html"), page.html)?;
    fs::create_dir_all(site.join("css"))?;
    fs::write(site.join("css/math.css"), page.css)?;
    fs::write(site.join("css/palette.css"), palette::css())?;
    // After everything that has text in it: the fonts hold the signs that are used.
    script(&root, "scripts/fonts.js", &[&site])?;

    // What the program itself finds out: menu, pictures, answers of presets that take long.
    script(&root, "scripts/ahead.js", &[&site])?;
    script(&root, "scripts/bundle.js", &[&site])?;
    let address = options.address.map(Path::new);
    let words: Vec<&Path> = [site.as_path()].into_iter().chain(address).collect();
    script(&root, "scripts/pages.js", &words)?;

    let version = precache::write(&site)?;
    // Beside the files, for hosts: the browser knows nothing of it.
    script(&root, "scripts/compress.js", &[&site])?;

    let dist = root.join("dist");
    remove(&dist)?;
    fs::rename(&site, &dist)?;
    println!("dist/ is ready, version {version}");
    Ok(())
}

/// Run a script of the build: `vendor.js` bundles the libraries of the page, `fonts.js` cuts its fonts, `ahead.js` solves
/// the presets, `bundle.js` bundles the rest, `pages.js` writes what is read first, with its pictures, `compress.js` lays compressed files beside all of it.
fn script(root: &Path, script: &str, words: &[&Path]) -> Result<(), Failure> {
    if !root.join("node_modules/esbuild").exists() {
        return Err(
            "node_modules is missing: run `npm ci`, or `npm run build` which does it".into(),
        );
    }
    let status = Command::new("node")
        .current_dir(root)
        .arg(script)
        .args(words)
        .status()
        .map_err(|failure| format!("node did not start: {failure}"))?;
    if !status.success() {
        return Err(format!("{script} failed ({status})").into());
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Copy the files of `from` into `to`, but for hidden files, templates and types.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        let is_read_only_here = TEMPLATES.contains(&shown.as_ref()) || shown.ends_with(".d.ts");
        if shown.starts_with('.') || is_read_only_here {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Every file under `folder` as a path relative to it, sorted.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                found.push(relative.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
