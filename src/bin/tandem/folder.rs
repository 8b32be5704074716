//! Cases as folders of CSV files.

use std::path::Path;

use tandem::case::{Case, Problem, builtin, smartnet};
use tandem::scenario::{Scenario, file_text};

/// The text of a file.
pub fn text(path: &Path) -> Result<String, Vec<Problem>> {
    let bytes = std::fs::read(path).map_err(|why| {
        vec![Problem::error(
            path.display().to_string(),
            format!("{why}. Check its name and folder."),
        )]
    })?;
    let (text, _) = file_text(&bytes).map_err(|problem| vec![problem])?;
    Ok(text)
}

/// The CSV files of a folder, as (path, text).
pub fn files(folder: &Path) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let fail = |path: &Path, error: std::io::Error| {
        vec![Problem::error(
            path.display().to_string(),
            error.to_string(),
        )]
    };
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).map_err(|error| fail(folder, error))?;
    for entry in entries {
        let path = entry.map_err(|error| fail(folder, error))?.path();
        let is_csv = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
        if is_csv && path.is_file() {
            files.push((path.display().to_string(), text(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// A built-in case, the case of a folder, or that of whatever `open` opens.
pub fn case(
    name: &str,
    open: impl Fn(&str) -> Result<Scenario, Vec<Problem>>,
) -> Result<Case, Vec<Problem>> {
    match builtin(name) {
        Some(case) => Ok(case),
        None => Ok(open(name)?.case),
    }
}

/// Writes the files of a case and says on standard error what they leave out.
pub fn write(case: &Case, folder: &Path) -> std::io::Result<()> {
    let written = smartnet::write(case);
    std::fs::create_dir_all(folder)?;
    for (name, text) in &written.files {
        std::fs::write(folder.join(name), text)?;
    }
    for note in &written.notes {
        eprintln!("{note}");
    }
    Ok(())
}
