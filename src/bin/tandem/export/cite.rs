//! How a paper and the program are cited: BibTeX, of the file that the page reads, too.

use serde_json::Value;

const PAPERS: &str = include_str!("../../../../www/js/session/citations.json");

/// The entry of the paper of a preset; empty where there is none.
pub fn paper(preset: &str) -> String {
    let papers: Value = serde_json::from_str(PAPERS).unwrap_or_default();
    let id = preset.split('-').next().unwrap_or_default();
    let entry = &papers[id];
    let word = |name: &str| entry[name].as_str().unwrap_or_default().to_string();
    let field = |pair: &Value| Some((pair[0].as_str()?.to_string(), pair[1].as_str()?.to_string()));
    match entry["fields"].as_array() {
        Some(fields) => bibtex(&word("type"), &word("key"), fields.iter().filter_map(field)),
        None => String::new(),
    }
}

/// The entry of the program with the scenario that was solved.
pub fn program(title: &str, digest: &str, address: &str) -> String {
    let clean = |text: &str| text.replace(['{', '}', '\\'], "");
    let note = format!("scenario “{title}”, SHA-256 of the scenario {digest}");
    let howpublished = format!("Software, version {}", env!("CARGO_PKG_VERSION"));
    let mut fields = vec![
        ("author", "{The Tandem developers}".to_string()),
        (
            "title",
            "Tandem: Simulator of electricity-market coordination between transmission and distribution".into(),
        ),
        ("howpublished", howpublished),
        ("note", clean(&note)),
    ];
    if !address.is_empty() {
        fields.push(("url", address.to_string()));
    }
    let fields = fields
        .into_iter()
        .map(|(name, value)| (name.to_string(), value));
    bibtex("misc", "tandem", fields)
}

fn bibtex(kind: &str, key: &str, fields: impl Iterator<Item = (String, String)>) -> String {
    let lines = fields.map(|(name, value)| format!("  {name} = {{{}}},\n", escaped(&value)));
    format!("@{kind}{{{key},\n{}}}\n", lines.collect::<String>())
}

/// What TeX reads as more than a sign; addresses stay as they are.
fn escaped(value: &str) -> String {
    if value.starts_with("http://") || value.starts_with("https://") {
        return value.to_string();
    }
    let mut out = String::new();
    for c in value.chars() {
        if matches!(c, '&' | '%' | '$' | '#' | '_') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
