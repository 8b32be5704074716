//! How the time from a changed load to new prices grows with the buses of a grid, natively and in WebAssembly.
//!
//! `cargo bench --bench growth -- FILE.m …` times the files natively and draws them beside what
//! `npm run bench:large -- --save target/growth.json FILE.m …` found of the same files.

mod plot;

use std::path::Path;
use std::time::Instant;

use serde_json::Value;
use tandem::scenario::Document;
use tandem::session::Session;

/// A change of each load in turn; the middle of them counts.
const CHANGES: usize = 9;

fn main() {
    let files = std::env::args().skip(1).filter(|it| it.ends_with(".m"));
    let mut natively: Vec<(f64, f64)> = files.map(|file| changed(&file)).collect();
    if natively.is_empty() {
        println!("Name MATPOWER files: cargo bench --bench growth -- FILE.m …");
        return;
    }
    natively.sort_by(|a, b| a.0.total_cmp(&b.0));
    let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/growth.json");
    let saved = std::fs::read_to_string(&saved).unwrap_or_default();
    let rows: Vec<Value> = saved
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let point = |row: &Value| Some((row["buses"].as_f64()?, row["load_ms"].as_f64()? / 1000.0));
    let mut wasm: Vec<(f64, f64)> = rows.iter().filter_map(point).collect();
    wasm.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lines = [
        plot::Line {
            name: "in WebAssembly",
            points: &wasm,
        },
        plot::Line {
            name: "natively",
            points: &natively,
        },
    ];
    plot::draw(
        "dispatch-growth",
        "From a changed load to new prices",
        "buses",
        &lines,
    );
}

/// Buses of a file, and seconds from a changed load to a new report.
fn changed(file: &str) -> (f64, f64) {
    let bytes = std::fs::read(file).expect("the file can be read");
    let document = Document::open_file(&bytes).expect("a case");
    let loads: Vec<(String, f64)> = document
        .case
        .loads
        .iter()
        .map(|load| (load.id.clone(), load.p_mw))
        .collect();
    let buses = document.case.buses.len();
    let mut session = Session::new(document);
    session.solve().expect("a dispatch");
    let mut times: Vec<f64> = loads
        .iter()
        .cycle()
        .take(CHANGES)
        .map(|(id, p_mw)| {
            let start = Instant::now();
            let more = format!("{}", p_mw + 1.0);
            session
                .set(&format!("case.loads.{id}.p_mw"), &more)
                .expect("a load");
            session.solve().expect("a dispatch");
            let report = session.report().expect("a report");
            let time = start.elapsed().as_secs_f64();
            assert!(report.certificates.iter().all(|it| it.certified), "{file}");
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let middle = times[CHANGES / 2];
    println!("{buses:6} buses  {middle:.4} s  {file}");
    (buses as f64, middle)
}
