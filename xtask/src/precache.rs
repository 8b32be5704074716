//! The list of files the service worker keeps for offline use.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::{Failure, site, wasm};

/// The line of `www/sw.js` that stands for the list.
const PLACEHOLDER: &str = "const PRECACHE = { version: 'unbuilt', files: [] };";
const WORKER: &str = "sw.js";

/// Write the list into the service worker of `site` and return its version.
///
/// The list holds the address, relative to the worker, and the SHA-256 of every file but the worker;
/// the version is a digest over the list and the worker, so that any changed byte is a new version.
/// The front page is listed as `./`, which every host serves without a redirect.
pub fn write(site: &Path) -> Result<String, Failure> {
    let worker_path = site.join(WORKER);
    let worker = fs::read_to_string(&worker_path)?;
    if worker.matches(PLACEHOLDER).count() != 1 {
        return Err(format!("www/sw.js must hold this line once: {PLACEHOLDER}").into());
    }
    let mut entries = String::new();
    for file in site::files(site)? {
        let address: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        let address = match address.join("/") {
            own if own == WORKER || is_left_out(&own) => continue,
            front if front == "index.html" => "./".to_owned(),
            other => other,
        };
        if !address.bytes().all(is_plain) {
            return Err(format!(
                "{address}: names of served files hold only a-z, A-Z, 0-9, '-', '_', '.'"
            )
            .into());
        }
        let digest = BASE64_STANDARD.encode(Sha256::digest(fs::read(site.join(&file))?));
        entries.push_str(&format!("    ['{address}', 'sha256-{digest}'],\n"));
    }
    let digest = Sha256::digest(format!("{entries}{worker}"));
    let version: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let list =
        format!("const PRECACHE = {{\n  version: '{version}',\n  files: [\n{entries}  ],\n}};");
    fs::write(worker_path, worker.replace(PLACEHOLDER, &list))?;
    Ok(version)
}

/// What a page without a network does without: the modules of one mechanism, as the whole is kept, what is an answer to
/// one preset or a page of it, as the page itself answers and shows it, and what only programs elsewhere read.
fn is_left_out(address: &str) -> bool {
    let part = address.starts_with("pkg/") && address.ends_with("_bg.wasm");
    let told = ["robots.txt", "sitemap.xml", "widget.mjs"].contains(&address);
    told || (part && address != format!("pkg/{}_bg.wasm", wasm::WHOLE))
        || ["ahead/", "p/"]
            .iter()
            .any(|folder| address.starts_with(folder))
}

/// Bytes that need no escape in an address or in a JavaScript string.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)
}
