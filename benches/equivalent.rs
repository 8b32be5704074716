//! Network equivalents: the region of an aggregator by elimination, its exact curve, and one interval
//! with exact curves and with Union Jack bids.
//!
//! Prints Markdown tables of medians and writes the intervals' programs to
//! `target/bench-lps/equivalent` together with our costs and times; `benches/run.sh` solves those with
//! HiGHS in the same run.

#[path = "kernels/src/cases.rs"]
mod cases;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use cases::{Behind, Study};
use tandem::opt::{lp_file, simplex};

/// Milliseconds spent on each measurement; what takes longer is done [`LEAST`] times all the same.
const BUDGET_MS: f64 = 400.0;
const LEAST: usize = 3;

/// The whole integer program is left to HiGHS where it holds more than this many vertices: branch and
/// bound takes minutes.
const VERTICES: usize = 10_000;

const AGGREGATORS: [usize; 3] = [1, 2, 4];

/// Median milliseconds of `work`.
fn time<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = Vec::new();
    while times.len() < LEAST || times.iter().sum::<f64>() < BUDGET_MS {
        let start = Instant::now();
        black_box(work());
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Three figures that matter.
fn shown(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v if v >= 1.0 => format!("{v:.2}"),
        v => format!("{v:.3}"),
    }
}

fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// A table's head; numbers stand to the right.
fn head(columns: &[&str]) {
    println!("\n| {} |", columns.join(" | "));
    println!("|{}", "---:|".repeat(columns.len()));
}

fn curves() {
    head(&[
        "DERs",
        "lines",
        "rows at most",
        "faces",
        "projection ms",
        "pieces",
        "curve ms",
        "one point µs",
    ]);
    for lines in 1..=4 {
        for ders in [2, 5, 10, 20, 50] {
            let behind = Behind::new(ders, lines);
            let mut cells = vec![ders.to_string(), lines.to_string()];
            match behind.project() {
                Ok(shadow) => cells.extend([
                    shadow.most_rows.to_string(),
                    shadow.faces.len().to_string(),
                    shown(time(|| behind.project())),
                ]),
                Err(_) => cells.extend(["too many", "", ""].map(String::from)),
            }
            match behind.pieces() {
                Ok(pieces) => {
                    cells.extend([pieces.len().to_string(), shown(time(|| behind.pieces()))]);
                }
                Err(_) => cells.extend(["too many", ""].map(String::from)),
            }
            let points = behind.at_points() as f64;
            cells.push(shown(time(|| behind.at_points()) * 1e3 / points));
            row(&cells);
        }
    }
}

/// Prints one line of the second table and writes the program; `m` = 0 stands for exact curves.
fn interval(name: &str, what: [&str; 2], m: u32, study: &Study, folder: &Path) -> String {
    let objective = study.objective(&study.interval());
    let ms = time(|| study.interval());
    let text = study.text();
    let mut whole = None;
    if m > 0 {
        let model = study.model();
        assert_eq!(lp_file::write(&model), text, "one and the same program");
        if model.vars().len() <= VERTICES {
            let found = simplex::solve(&model).expect("an optimum");
            let off = (found.objective - objective).abs() / (1.0 + objective.abs());
            assert!(off < 1e-6, "{name}: {} and {objective}", found.objective);
            whole = Some(time(|| simplex::solve(&study.model())));
        }
    }
    std::fs::write(folder.join(format!("{name}.lp")), text)
        .expect("target/bench-lps can be written");
    let whole = whole.map(shown).unwrap_or_default();
    let [who, method] = what.map(String::from);
    row(&[who, method, shown(ms), whole.clone()]);
    format!("{name},{objective},{ms},{whole}\n")
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-lps/equivalent");
    std::fs::create_dir_all(&folder).expect("target/bench-lps can be made");
    curves();
    head(&["case", "bids", "interval ms", "whole integer program ms"]);
    let mut results = String::from("name,objective,interval_ms,whole_ms\n");
    for aggregators in AGGREGATORS {
        for m in [0, 3, 4, 5, 6] {
            let study = Study::ring(aggregators, m);
            let who = format!("ring, {aggregators} of 6 DERs");
            let method = match m {
                0 => "exact".into(),
                m => format!("M = {m}"),
            };
            let name = format!("ring-{aggregators}-m{m}");
            let line = interval(&name, [&who, &method], m, &study, &folder);
            results.push_str(&line);
        }
    }
    for (preset, m, method) in [
        ("zuo-30bus-exact", 0, "exact"),
        ("zuo-30bus-proposed", 4, "M = 4"),
    ] {
        let study = Study::preset(preset);
        let line = interval(preset, [preset, method], m, &study, &folder);
        results.push_str(&line);
        let intervals = study.run() as f64;
        let each = time(|| study.run()) / intervals;
        let who = format!("{preset}, each of {intervals} in a run");
        row(&[who, method.into(), shown(each), String::new()]);
    }
    std::fs::write(folder.join("ours.csv"), results).expect("target/bench-lps can be written");
}
