//! Imports point downward only: the layer list of docs/ARCHITECTURE.md, kept true.

use std::path::{Path, PathBuf};

/// Modules in layer order; each may import itself and those before it.
const LAYERS: [&str; 18] = [
    "sort",
    "opt",
    "case",
    "network",
    "report",
    "factors",
    "inputs",
    "market",
    "scenario",
    "across",
    "session",
    "run",
    "sweep",
    "map",
    "between",
    "chart",
    "questions",
    "schema",
];

/// Crates and the layers that may use them.
const OWNED: [(&str, &[&str]); 14] = [
    ("microlp", &["opt"]),
    ("clarabel", &["opt"]),
    ("csv", &["case"]),
    ("fastrand", &["case", "questions"]),
    ("plotters", &["chart"]),
    ("miniz_oxide", &["scenario", "bin"]),
    ("base64", &["scenario", "bin"]),
    ("form_urlencoded", &["scenario"]),
    ("wasm_bindgen", &["wasm"]),
    ("serde_wasm_bindgen", &["wasm"]),
    ("web_sys", &["wasm"]),
    ("sha2", &["bin"]),
    ("tandem_figures", &["bin"]),
    ("tandem_formats", &["bin"]),
];

/// Rust files below a folder, without tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("testing") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Layer of a file: the folder or file directly under `src`.
fn layer(path: &Path) -> String {
    let relative = path.strip_prefix("src").unwrap();
    let first = relative
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_string()
}

/// Code of a line: no comments.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

#[test]
fn imports_point_downward() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    assert!(files.len() > 60);
    let mut wrong = Vec::new();
    for file in files {
        let own = layer(&file);
        let text = std::fs::read_to_string(&file).unwrap();
        let rank = LAYERS.iter().position(|l| *l == own);
        for (n, line) in text.lines().enumerate() {
            let line = code(line);
            for (k, other) in LAYERS.iter().enumerate() {
                if line.contains(&format!("crate::{other}::")) && rank.is_some_and(|r| r < k) {
                    wrong.push(format!("{}:{}: {own} uses {other}", file.display(), n + 1));
                }
            }
            for (name, owners) in OWNED {
                if line.contains(&format!("{name}::")) && !owners.contains(&own.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {name} outside {owners:?}",
                        file.display(),
                        n + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The library is compiled without its test harness: a test beside the code would never run.
#[test]
fn tests_are_programs_of_their_own() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let beside = text.lines().any(|l| code(l).contains("cfg(test)"));
        assert!(!beside, "{}: move the test to tests/", file.display());
    }
}

/// Functions that the standard library takes from the platform's mathematics: a native run and the
/// browser's would differ in last digits, and ties with them. `libm` is the same in both; `powi` and `sqrt` are
/// plain arithmetic.
const OF_THE_PLATFORM: [&str; 24] = [
    "powf", "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "sin", "cos", "tan",
    "sin_cos", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot", "mul_add",
    "norm",
];

#[test]
fn one_mathematics_library_in_both_worlds() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for (n, line) in text.lines().enumerate() {
            for name in OF_THE_PLATFORM {
                let call = format!(".{name}(");
                if code(line).contains(&call) {
                    wrong.push(format!("{}:{}: {call}", file.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "use `libm`:\n{}", wrong.join("\n"));
}

/// Folders of `src/market`; all but `shared` are mechanisms.
fn mechanisms() -> Vec<String> {
    std::fs::read_dir("src/market")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "shared")
        .collect()
}

#[test]
fn mechanisms_do_not_import_each_other() {
    let all = mechanisms();
    for own in all.iter().map(String::as_str).chain(["shared"]) {
        let mut files = Vec::new();
        sources(&Path::new("src/market").join(own), &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for other in all.iter().filter(|o| *o != own) {
                let uses = |l: &str| code(l).contains(&format!("market::{other}"));
                assert!(!text.lines().any(uses), "{} uses {other}", file.display());
            }
        }
    }
}

/// What solves knows of no report, what reports knows of no solver.
#[test]
fn what_is_solved_is_apart_from_what_is_reported() {
    let mut wrong = Vec::new();
    for own in mechanisms() {
        let folder = Path::new("src/market").join(&own);
        let mut files = Vec::new();
        sources(&folder, &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let within = file.strip_prefix(&folder).unwrap();
            let forbidden = match within.components().next().unwrap().as_os_str().to_str() {
                Some("report") => "crate::opt",
                // The contract speaks of both.
                Some("mod.rs") => continue,
                _ => "crate::report",
            };
            if text.lines().any(|l| code(l).contains(forbidden)) {
                wrong.push(format!("{} uses {forbidden}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file that holds a module, `mod.rs` of a folder aside: what it re-exports is where it stands.
fn file_of(path: &[&str]) -> Option<PathBuf> {
    (1..=path.len()).rev().find_map(|n| {
        let file = Path::new("src")
            .join(path[..n].join("/"))
            .with_extension("rs");
        file.is_file().then_some(file)
    })
}

/// Paths of modules that a file of `own` names, from the root of the crate.
fn named(text: &str, own: &[String]) -> Vec<Vec<String>> {
    let text: String = text.lines().map(|l| format!("{}\n", code(l))).collect();
    // Tests below the code may use what they like.
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut list = Vec::new();
    for (start, up) in [
        ("crate::", own.len()),
        ("super::super::", 2),
        ("super::", 1),
    ] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == ':' || c == '_') {
                continue;
            }
            let rest = &text[at + start.len()..];
            let names = |rest: &str| -> Vec<String> {
                let path = rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
                let path = path.clone().next().unwrap_or_default();
                path.split("::")
                    .map(str::to_string)
                    .filter(|n| !n.is_empty())
                    .collect()
            };
            let mut base = own[..own.len().saturating_sub(up)].to_vec();
            base.extend(names(rest));
            list.push(base.clone());
            // `use super::{a::B, c::D}`: each of the group.
            if let Some(group) = rest.find('{').filter(|&open| {
                names(&rest[..open]).len() + up > 0
                    && rest[..open]
                        .chars()
                        .all(|c| c.is_alphanumeric() || c == '_' || c == ':')
            }) {
                let inner = rest[group + 1..].split('}').next().unwrap_or_default();
                for part in inner.split(',') {
                    let mut one = base.clone();
                    one.extend(names(part.trim()));
                    list.push(one);
                }
            }
        }
    }
    list
}

#[test]
fn no_circle_of_files_inside_a_room() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let module = |file: &Path| -> Vec<String> {
        let relative = file.strip_prefix("src").unwrap().with_extension("");
        let parts = relative.iter().map(|p| p.to_string_lossy().into_owned());
        parts.filter(|p| p != "mod").collect()
    };
    let mut edges: std::collections::BTreeMap<PathBuf, Vec<PathBuf>> = Default::default();
    for file in files
        .iter()
        .filter(|f| !f.ends_with("mod.rs") && !f.starts_with("src/bin"))
    {
        let text = std::fs::read_to_string(file).unwrap();
        let own = module(file);
        for path in named(&text, &own) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some(other) = file_of(&path).filter(|other| other != file)
                && layer(&other) == layer(file)
            {
                edges.entry(file.clone()).or_default().push(other);
            }
        }
    }
    // A file that reaches itself stands in a circle.
    let mut circles = Vec::new();
    for start in edges.keys() {
        let (mut seen, mut open) = (Vec::new(), edges[start].clone());
        while let Some(next) = open.pop() {
            if seen.contains(&next) {
                continue;
            }
            open.extend(edges.get(&next).into_iter().flatten().cloned());
            seen.push(next);
        }
        if seen.contains(start) {
            circles.push(start.display().to_string());
        }
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The one thing that all share: how many programs were solved.
const COUNTER: &str = "src/opt/count.rs";

#[test]
fn nothing_is_remembered_behind_a_session() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for file in files.iter().filter(|f| *f != Path::new(COUNTER)) {
        let text = std::fs::read_to_string(file).unwrap();
        let hidden = |l: &str| {
            let l = code(l).trim_start().trim_start_matches("pub ");
            let changes = ["mut ", "Cell", "Lock", "Mutex", "Atomic"];
            let kept = l.starts_with("static ") && changes.iter().any(|c| l.contains(c));
            l.starts_with("thread_local!") || kept
        };
        let found = text.lines().find(|l| hidden(l));
        assert!(found.is_none(), "{}: {found:?}", file.display());
    }
}

#[test]
fn every_equation_listed_names_code_that_exists() {
    let text = std::fs::read_to_string("docs/EQUATIONS.md").unwrap();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let all: String = files
        .iter()
        .map(|f| std::fs::read_to_string(f).unwrap())
        .collect();
    let mut checked = 0;
    for name in text
        .lines()
        .filter(|l| l.contains("Code:"))
        .flat_map(|l| l.split('`').skip(1).step_by(2))
    {
        let last = name.rsplit("::").next().unwrap();
        let known = [
            format!("fn {last}("),
            format!("fn {last}<"),
            format!("mod {last}"),
            format!("struct {last}"),
        ];
        assert!(
            known.iter().any(|k| all.contains(k)),
            "EQUATIONS.md names `{name}`, which is not in the sources"
        );
        checked += 1;
    }
    assert!(checked > 15);
}

#[test]
fn every_numbered_equation_of_the_paper_s_dispatch_is_listed() {
    let text = std::fs::read_to_string("docs/EQUATIONS.md").unwrap();
    for number in 1..=10 {
        assert!(
            text.contains(&format!("[zuo2022]({number})")),
            "equation ({number}) is missing"
        );
    }
}

/// Papers whose sections are those of the model notes, and the notes. The numbers of `zuo2022` are the paper's own.
const NOTES: [(&str, &str); 4] = [
    ("wang2017", "docs/models/bargaining.md"),
    ("mezghani2023", "docs/models/residual_supply.md"),
    ("theisen2024", "docs/models/community.md"),
    ("bsp", "docs/models/bsp_bidding.md"),
];

/// Numbers in brackets that follow `tag`: `[tag](2.2)` in documents, `` `[tag]`(2.2), (2.3) `` in code.
fn cited<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let mut numbers = Vec::new();
    for rest in text.split(&format!("[{tag}]")).skip(1) {
        let mut rest = rest.trim_start_matches('`');
        while let Some((number, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
            numbers.push(number);
            rest = after.strip_prefix(", ").unwrap_or_default();
        }
    }
    numbers
}

#[test]
fn every_section_cited_stands_in_the_model_notes() {
    let mut files = vec![PathBuf::from("docs/EQUATIONS.md")];
    sources(Path::new("src"), &mut files);
    let (mut missing, mut checked) = (Vec::new(), 0);
    for (tag, notes) in NOTES {
        let text = std::fs::read_to_string(notes).unwrap();
        for file in &files {
            for number in cited(&std::fs::read_to_string(file).unwrap(), tag) {
                checked += 1;
                if !text.contains(&format!("\n## {number} ")) {
                    missing.push(format!("{}: [{tag}]({number})", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not in docs/models: {missing:#?}");
    assert!(checked > 60);
}

/// Documents for whoever reads the repository.
fn documents() -> Vec<PathBuf> {
    let mut list = vec![
        PathBuf::from("README.md"),
        PathBuf::from("CONTRIBUTING.md"),
        PathBuf::from("SECURITY.md"),
    ];
    for folder in ["docs", "docs/models"] {
        let paths = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path());
        list.extend(paths.filter(|p| p.extension().is_some_and(|e| e == "md")));
    }
    list
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            // Not pages elsewhere, anchors, or the numbers of tags.
            let elsewhere = target.is_empty() || target.contains("://");
            if elsewhere || target.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            if !document.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_document_is_named_in_the_readme() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    for document in documents() {
        let path = document.display().to_string();
        if path != "README.md" && !path.starts_with("docs/models/") {
            assert!(readme.contains(&format!("]({path})")), "{path}");
        }
    }
    assert!(readme.contains("](docs/models/README.md)"));
}

#[test]
fn types_of_the_glossary_are_in_the_code() {
    let text = std::fs::read_to_string("docs/GLOSSARY.md").unwrap();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let all: String = files
        .iter()
        .map(|f| std::fs::read_to_string(f).unwrap())
        .collect();
    let mut checked = 0;
    for path in text.split('`').skip(1).step_by(2) {
        let Some((_, last)) = path.rsplit_once("::") else {
            continue;
        };
        let known = ["struct", "enum", "mod", "fn"].map(|kind| format!("{kind} {last}"));
        let folder = Path::new("src").join(path.replace("::", "/"));
        assert!(
            folder.is_dir() || known.iter().any(|k| all.contains(k)),
            "GLOSSARY.md names `{path}`, which is not in the sources"
        );
        checked += 1;
    }
    assert!(checked > 50);
}

/// Files are named by how their paths end: `dispatch/pricing.rs`.
#[test]
fn every_file_a_document_names_exists() {
    let mut files = Vec::new();
    for folder in [
        "src", "tests", "www", "scripts", "benches", "examples", "xtask",
    ] {
        every_file(Path::new(folder), &mut files);
    }
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE", "ADDING_A_CHART", "ADDING_A_MECHANISM"] {
        let text = std::fs::read_to_string(format!("docs/{document}.md")).unwrap();
        let names = text.split('`').skip(1).step_by(2);
        let plain = |name: &&str| !name.contains(['<', '*', ' ', '{']);
        for name in names
            .filter(|n| n.ends_with(".rs") || n.ends_with(".js"))
            .filter(plain)
        {
            if !files.iter().any(|file| file.ends_with(name)) {
                missing.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

fn every_file(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => every_file(&path, found),
            false => found.push(path),
        }
    }
}
