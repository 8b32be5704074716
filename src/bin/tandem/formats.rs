//! Files and folders, in the formats of other programs too.

use std::path::Path;

use tandem::case::{Code, Import, Problem};
use tandem::scenario::{Document, file_text};
use tandem_formats::{Converted, matpower, unpacked};

use super::folder;

type Files = Vec<(String, Vec<u8>)>;

/// Opens a file: one of ours, a MATPOWER file, or what can be made one.
pub fn file(name: &str, bytes: Vec<u8>) -> Result<Document, Vec<Problem>> {
    let problems = match Document::read_file(&bytes) {
        Ok(document) => return Ok(document),
        Err(problems) => problems,
    };
    if problems.iter().all(|p| p.code != Some(Code::OtherFormat)) {
        return Err(problems);
    }
    let archive = bytes.starts_with(b"PK");
    let files = vec![(name.to_string(), bytes)];
    match matpower(&files).map_err(refused)? {
        Some(converted) => opened(converted),
        None if archive => inside(&unpacked(&files[0].1).map_err(refused)?, problems),
        None => Err(problems),
    }
}

/// Opens a folder: a balancing case of CSV files, or a grid of another program.
pub fn folder(path: &Path) -> Result<Document, Vec<Problem>> {
    let mut files = Files::new();
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let known = |end: &str| {
            entry
                .path()
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case(end))
        };
        if ["csv", "xml"].into_iter().any(known)
            && let Ok(bytes) = std::fs::read(entry.path())
        {
            files.push((entry.path().display().to_string(), bytes));
        }
    }
    files.sort();
    match matpower(&files).map_err(refused)? {
        Some(converted) => opened(converted),
        None => Document::open_folder(&folder::files(path)?),
    }
}

/// What an archive holds: one file, or the CSV files of a balancing case.
fn inside(files: &[(String, Vec<u8>)], problems: Vec<Problem>) -> Result<Document, Vec<Problem>> {
    let ends = |path: &str, end: &str| path.to_ascii_lowercase().ends_with(end);
    let mut whole = files
        .iter()
        .filter(|(path, _)| ends(path, ".m") || ends(path, ".json"));
    if let (Some((_, bytes)), None) = (whole.next(), whole.next()) {
        return Document::read_file(bytes);
    }
    let mut tables = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| ends(path, ".csv")) {
        tables.push((path.clone(), file_text(bytes).map_err(|p| vec![p])?.0));
    }
    match tables.is_empty() {
        true => Err(problems),
        false => Document::open_folder(&tables),
    }
}

fn refused(why: String) -> Vec<Problem> {
    vec![Problem::error("file", why)]
}

fn opened(converted: Converted) -> Result<Document, Vec<Problem>> {
    let told = Import {
        format: converted.format,
        changed: converted.notes.changed,
        left_out: converted.notes.left_out,
        assumed: converted.notes.assumed,
        ..Import::default()
    };
    Document::read_converted(&converted.text, told)
}
