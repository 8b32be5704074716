//! Imports point downward only: the layer list of src/ARCHITECTURE.md, kept true.

use std::path::{Path, PathBuf};

/// Modules in layer order; each may import itself and those before it.
const LAYERS: [&str; 13] = [
    "opt", "case", "net", "flow", "report", "inputs", "market", "scenario", "session", "run",
    "sweep", "chart", "schema",
];

/// Crates and the one layer that may use them.
const OWNED: [(&str, &str); 11] = [
    ("microlp", "opt"),
    ("clarabel", "opt"),
    ("csv", "case"),
    ("fastrand", "case"),
    ("plotters", "chart"),
    ("miniz_oxide", "scenario"),
    ("base64", "scenario"),
    ("form_urlencoded", "scenario"),
    ("wasm_bindgen", "wasm"),
    ("serde_wasm_bindgen", "wasm"),
    ("web_sys", "wasm"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
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
            for (name, owner) in OWNED {
                if line.contains(&format!("{name}::")) && own != owner {
                    wrong.push(format!(
                        "{}:{}: {name} outside {owner}",
                        file.display(),
                        n + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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

/// Mechanisms whose outcome and report are apart.
const APART: [&str; 2] = ["community", "residual_supply"];

/// What solves knows of no report, what reports knows of no solver.
#[test]
fn what_is_solved_is_apart_from_what_is_reported() {
    let mut wrong = Vec::new();
    for own in APART {
        let folder = Path::new("src/market").join(own);
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
    let text = std::fs::read_to_string("src/EQUATIONS.md").unwrap();
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
    let text = std::fs::read_to_string("src/EQUATIONS.md").unwrap();
    for number in 1..=10 {
        assert!(
            text.contains(&format!("[zuo2022]({number})")),
            "equation ({number}) is missing"
        );
    }
}
