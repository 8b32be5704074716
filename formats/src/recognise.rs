//! What files are, by what they hold.

use serde_json::{Map, Value};

use crate::grid::Grid;
use crate::transmission::{self, Format};
use crate::{pandapower, pypsa};

/// The bytes that are looked at of a text that is no JSON.
const HEAD: usize = 4000;

/// A recognised grid.
pub(crate) enum Found<'a> {
    Pandapower(Map<String, Value>),
    Pypsa(&'a [(String, Vec<u8>)]),
    Other(Format, Vec<&'a (String, Vec<u8>)>),
}

impl Found<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Found::Pandapower(_) => "pandapower network (JSON)",
            Found::Pypsa(_) => "PyPSA network (folder of CSV files)",
            Found::Other(format, _) => format.name(),
        }
    }

    pub fn read(self) -> Result<Grid, String> {
        match self {
            Found::Pandapower(net) => pandapower::read(&net),
            Found::Pypsa(files) => pypsa::read(files),
            Found::Other(format, files) => transmission::read(format, &files),
        }
    }
}

/// The grid that these files are; of several, the one that is one, or all files of a CIM model.
pub(crate) fn recognise(files: &[(String, Vec<u8>)]) -> Option<Found<'_>> {
    if pypsa::is(files) {
        return Some(Found::Pypsa(files));
    }
    let cim: Vec<_> = files.iter().filter(|(_, bytes)| is_cim(bytes)).collect();
    if !cim.is_empty() {
        return Some(Found::Other(Format::Cgmes, cim));
    }
    let mut found = files.iter().filter_map(one);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn one(file: &(String, Vec<u8>)) -> Option<Found<'_>> {
    let bytes = file.1.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.1);
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace())?;
    if bytes[start] == b'{' {
        return json(file, bytes);
    }
    is_psse(bytes).then(|| Found::Other(Format::Psse, vec![file]))
}

fn json<'a>(file: &'a (String, Vec<u8>), bytes: &[u8]) -> Option<Found<'a>> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(bytes) else {
        return None;
    };
    let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or("");
    if word("_class") == "pandapowerNet" || word("_module").starts_with("pandapower") {
        return match fields.remove("_object") {
            Some(Value::Object(net)) => Some(Found::Pandapower(net)),
            _ => None,
        };
    }
    let object = |key: &str| fields.get(key).is_some_and(Value::is_object);
    if object("bus") && object("branch") && object("gen") && fields.contains_key("baseMVA") {
        return Some(Found::Other(Format::PowerModels, vec![file]));
    }
    let network = fields.get("network").and_then(Value::as_object);
    network
        .is_some_and(|network| network.contains_key("caseid") && network.contains_key("bus"))
        .then(|| Found::Other(Format::Rawx, vec![file]))
}

/// `0, 100.0, 33, …`: change code, base in MVA, revision; lines that begin with `@!` are comments.
fn is_psse(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
    let first = head
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("@!"));
    let Some(first) = first else { return false };
    let first = first.split('/').next().unwrap_or(first);
    let cells: Vec<&str> = first
        .split([',', ' ', '\t'])
        .filter(|c| !c.is_empty())
        .collect();
    let number = |k: usize| cells.get(k).and_then(|cell| cell.parse::<f64>().ok());
    let revision = number(2).is_none_or(|rev| (20.0..=40.0).contains(&rev));
    first.contains(',')
        && cells.len() >= 2
        && matches!(cells[0], "0" | "1")
        && number(1).is_some_and(|base| base > 0.0)
        && revision
        && head.lines().count() > 3
}

fn is_cim(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.contains("rdf:rdf") && head.contains("/cim")
}
