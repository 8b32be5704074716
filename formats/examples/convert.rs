//! `cargo run --example convert FILE…`: a grid as a MATPOWER case file, and what the way there did to standard error.

use std::path::Path;

fn main() {
    let mut files = Vec::new();
    for name in std::env::args().skip(1) {
        let path = Path::new(&name);
        let inside: Vec<_> = match std::fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) => vec![path.to_path_buf()],
        };
        for path in inside {
            let bytes = std::fs::read(&path).unwrap_or_default();
            files.push((path.display().to_string(), bytes));
        }
    }
    match tandem_formats::matpower(&files) {
        Ok(Some(grid)) => {
            print!("{}", grid.text);
            eprintln!("{}\n{:#?}", grid.format, grid.notes);
        }
        Ok(None) => eprintln!("none of the formats"),
        Err(why) => eprintln!("{why}"),
    }
}
