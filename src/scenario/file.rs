//! Files recognised by what they hold, not by their name.

use serde_json::Value;

use crate::case::text::decoded;
use crate::case::{Code, Problem};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Matpower,
    Link,
}

const READS: &str = "Tandem reads scenarios and cases as JSON, MATPOWER case files (.m), folders of CSV files, and grids of pandapower, PyPSA, PSS/E, PowerModels and CIM.";

/// Reads the first words of a text.
///
/// # Errors
/// A format that is not read, by name and with the way to one that is.
pub(super) fn kind(text: &str) -> Result<Kind, Problem> {
    let text = text.trim_start();
    if text.is_empty() {
        return Err(no("The file is empty.", "Choose another."));
    }
    if ["{", "//", "/*"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        return Ok(Kind::Json);
    }
    if is_matpower(text) {
        return Ok(Kind::Matpower);
    }
    if is_link(text) {
        return Ok(Kind::Link);
    }
    if text.starts_with('[') {
        return Err(no(
            "This is a list; a scenario or a case in JSON begins with {.",
            "Choose one of them.",
        ));
    }
    Err(foreign_text(text))
}

fn no(what: &str, how: &str) -> Problem {
    Problem::error("file", format!("{what} {READS} {how}"))
}

/// A file that `tandem-formats` makes a MATPOWER file of, and another way where it finds no grid in it.
fn other(what: &str, how: &str) -> Problem {
    Problem::coded(Code::OtherFormat, "file", format!("{what} {how}"))
}

/// A statement of a case file: `function mpc = …`, or a matrix `bus` of whatever struct.
fn is_matpower(text: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with(['%', '#']) || line.starts_with("#p="))
        .any(|line| {
            let Some((target, value)) = line.split_once('=') else {
                return false;
            };
            let target = target.trim_end();
            let field = target.rsplit('.').next().unwrap_or(target);
            let matrix =
                ["bus", "gen", "branch"].contains(&field) && value.trim_start().starts_with('[');
            let base = field == "baseMVA" && !value.contains('&');
            line.starts_with("function ") || matrix || base
        })
}

/// A fragment or query that names a scenario, in whatever words, quotes or brackets it was handed on; or
/// what is left of one.
fn is_link(text: &str) -> bool {
    let head: String = text.chars().take(1000).collect();
    let keys = ["p=", "z=", "p%", "z%"];
    let marked = ["#", "?", "%23", "&amp;", "&"];
    let inside = |key: &&str| marked.iter().any(|m| head.contains(&format!("{m}{key}")));
    let one_line = |key: &&str| head.contains(*key) && !head.trim().contains('\n');
    let address = ["http", "#", "www."]
        .iter()
        .any(|start| text.starts_with(start));
    address || keys.iter().any(|key| inside(key) || one_line(key))
}

fn foreign_text(text: &str) -> Problem {
    let head: String = text.chars().take(4000).collect::<String>().to_lowercase();
    let first = head.lines().next().unwrap_or_default();
    let cells = |line: &str| line.split([',', ';', '\t']).count();
    let psse = first
        .split_once(',')
        .is_some_and(|(change, _)| change.trim() == "0" && cells(first) >= 3);
    if head.starts_with("<?xml") && (head.contains("rdf:rdf") || head.contains("cim")) {
        other(
            "This is a CIM model (XML).",
            "Convert it, for instance with pypowsybl and MATPOWER's savecase.",
        )
    } else if head.starts_with("<!doctype") || head.starts_with("<html") {
        no(
            "This is a web page, not the file it shows.",
            "Download the file itself (on GitHub: \"raw\").",
        )
    } else if head.starts_with('<') {
        no("This is XML.", "Convert it to one of them.")
    } else if head.starts_with("version https://git-lfs") {
        no(
            "This is a pointer of Git LFS, not the file.",
            "Fetch the file itself with git lfs pull.",
        )
    } else if head.contains("new circuit.") || head.starts_with("redirect ") {
        no(
            "This is an OpenDSS script.",
            "Write the feeder as JSON; `tandem case` shows the form.",
        )
    } else if psse || first.starts_with("@!") {
        other(
            "This is a PSS/E raw file.",
            "Convert it with MATPOWER: savecase('case.m', psse2mpc('file.raw')).",
        )
    } else if head.contains("module powerflow") || head.contains("object node") {
        no("This is a GridLAB-D model.", "Write the feeder as JSON.")
    } else if cells(first) > 1 && head.lines().nth(1).map(cells) == Some(cells(first)) {
        no(
            "This is a table (CSV) on its own.",
            "A balancing case is a folder of them, opened as a folder; load, PV and prices of a community go in under \"Your own data\" of a community market, or with `tandem import`.",
        )
    } else {
        no(
            "This is none of the files that are known, and no link (`p=` or `z=`).",
            "Choose such a file, or start from a preset.",
        )
    }
}

/// The text of a file, and whether it was read as Latin-1 because it is no Unicode.
///
/// # Errors
/// A file that is no text, by what it is and with the way to one that is read.
pub fn text(bytes: &[u8]) -> Result<(String, bool), Problem> {
    match binary(bytes) {
        Some(problem) => Err(problem),
        None => Ok(decoded(bytes)),
    }
}

/// Files that are not text, by their first bytes.
fn binary(bytes: &[u8]) -> Option<Problem> {
    const MATPOWER: &str =
        "Load it in MATLAB or Octave and write it with MATPOWER's savecase('case.m', mpc).";
    const EXPORT: &str = "Export what it holds to one of them.";
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let holds = |word: &[u8]| bytes.windows(word.len()).take(20_000).any(|w| w == word);
    let (what, how) = if starts(b"MATLAB 5.0") {
        ("This is a MAT-file.", MATPOWER)
    } else if starts(b"PK") && holds(b"xl/") {
        (
            "This is an Excel workbook.",
            "Save the sheet as CSV (UTF-8).",
        )
    } else if starts(b"PK\x03\x04") {
        return Some(other("This is an archive.", "Unpack it first."));
    } else if starts(b"PK") || starts(b"\x1f\x8b") || starts(b"7z\xbc\xaf") {
        ("This is an archive.", "Unpack it first.")
    } else if starts(&[0xd0, 0xcf, 0x11, 0xe0]) {
        (
            "This is a workbook or document of an older Office.",
            "Save the sheet as CSV (UTF-8).",
        )
    } else if starts(b"\x89HDF") && holds(b"MATLAB") {
        ("This is a MAT-file.", MATPOWER)
    } else if starts(b"\x89HDF") || starts(b"CDF") {
        (
            "This is a netCDF or HDF5 file, as PyPSA writes.",
            "PyPSA's n.export_to_csv_folder(\"folder\") writes a folder of CSV files, which is read.",
        )
    } else if starts(b"PAR1") || starts(b"SQLite format") {
        ("This is a database file.", EXPORT)
    } else if starts(b"%PDF") {
        ("This is a PDF document.", EXPORT)
    } else if starts(b"\x80\x04") || starts(b"\x80\x05") || starts(b"\x80\x03") {
        (
            "This is a Python pickle.",
            "pandapower.to_json(pandapower.from_pickle(\"net.p\"), \"net.json\") writes a network of pandapower as JSON, which is read.",
        )
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"GIF8") {
        ("This is a picture.", "Choose another.")
    } else if bytes.iter().take(4000).any(|b| *b == 0)
        && !starts(&[0xff, 0xfe])
        && !starts(&[0xfe, 0xff])
    {
        ("This is no text.", "Choose another.")
    } else {
        return None;
    };
    Some(no(what, how))
}

/// Other tools' cases in JSON, by the fields they have.
pub(super) fn foreign_json(value: &Value) -> Option<Problem> {
    let has = |field: &str| value.get(field).is_some();
    let module = value.get("_module").and_then(Value::as_str).unwrap_or("");
    if module.starts_with("pandapower") || (has("_object") && has("_class")) {
        return Some(other(
            "This is a pandapower network.",
            "pandapower's converter.to_mpc and MATPOWER's savecase make a case file of it.",
        ));
    }
    let network = value.get("network");
    if network.is_some_and(|network| network.get("caseid").is_some()) {
        return Some(other(
            "This is a PSS/E file (RAWX).",
            "Write it as RAW and convert it with MATPOWER: savecase('case.m', psse2mpc('file.raw')).",
        ));
    }
    if has("bus") && has("branch") && (has("per_unit") || has("baseMVA")) {
        return Some(other(
            "This is a PowerModels network.",
            "PowerModels.export_file(\"case.m\", data) makes a case file of it.",
        ));
    }
    if has("elements") && has("system") {
        return Some(no(
            "This is an Egret model.",
            "Write its MATPOWER source, or the network as a case in JSON.",
        ));
    }
    if value.get("type").and_then(Value::as_str) == Some("FeatureCollection") {
        return Some(no("This is a map (GeoJSON).", "Choose another."));
    }
    if has("headline") && has("certificates") {
        return Some(no(
            "This is a report, not a scenario.",
            "Open the scenario it came from: `tandem show` prints it.",
        ));
    }
    None
}
