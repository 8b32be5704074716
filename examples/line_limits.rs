//! Which line limits bring the settlement at prices of `wang-uncongested` nearest to the LMP column of the
//! published table? The paper prints the column and no limits, so this is a question about what limits could
//! do, and no reconstruction.
//!
//! ```text
//! cargo run --release --example line_limits
//! ```
//!
//! The search is coarse and greedy. A step tries every line without a limit at some parts of the largest flow
//! that it has over the day without limits, in half MW, and keeps the one limit that brings the ten printed
//! numbers nearest: least root of the mean square difference, in $. Nothing but limits of lines is changed. It
//! ends after some steps, or where a step brings less than a hundredth.

use tandem::report::{Report, Status};
use tandem::run;
use tandem::scenario::{Document, gallery, set};

/// The column: quantity of the report, and the number printed, $.
const PRINTED: [(&str, f64); 10] = [
    ("charge:lmp", 6496.825),
    ("paid:lmp:DSO1", 101.7118),
    ("paid:lmp:DSO2", 2355.752),
    ("paid:lmp:DSO3", 215.8652),
    ("paid:lmp:DSO4", 3823.496),
    ("benefit:lmp:ISO", 6775.799),
    ("benefit:lmp:DSO1", 1084.522),
    ("benefit:lmp:DSO2", 6122.037),
    ("benefit:lmp:DSO3", 962.5504),
    ("benefit:lmp:DSO4", 4569.258),
];

/// Parts of the largest flow that are tried as limits.
const PARTS: [f64; 4] = [0.95, 0.85, 0.7, 0.5];
/// Lines limited at most.
const MOST: usize = 3;
/// The least improvement that goes on.
const WORTH: f64 = 0.01;

/// The day with limits of some lines; nothing where no dispatch serves it.
fn day(limits: &[(String, f64)]) -> Option<Report> {
    let mut value = gallery::document("wang-uncongested").ok()?.to_value();
    for (line, most) in limits {
        let field = format!("case.branches.{line}.max_p_mw");
        set(&mut value, &field, &most.to_string()).ok()?;
    }
    let report = run::run(&Document::from_value(value).ok()?).ok()?;
    (report.status == Status::Solved).then_some(report)
}

/// Ours for every printed number, $.
fn ours(report: &Report) -> Vec<f64> {
    let value = |id: &str| {
        report
            .quantity(id)
            .and_then(|q| q.value)
            .unwrap_or(f64::NAN)
    };
    PRINTED.iter().map(|(id, _)| value(id)).collect()
}

/// Root of the mean square difference from what is printed, $.
fn distance_usd(ours: &[f64]) -> f64 {
    let pairs = ours.iter().zip(PRINTED);
    let squares: f64 = pairs.map(|(a, (_, b))| (a - b) * (a - b)).sum();
    (squares / PRINTED.len() as f64).sqrt()
}

fn main() {
    let free = day(&[]).expect("the day without limits");
    let flows = free.series.iter().filter_map(|series| {
        let line = series.id.strip_prefix("flow:")?;
        let most = series
            .values
            .iter()
            .fold(0.0_f64, |most, v| most.max(v.abs()));
        (most > 1.0).then(|| (line.to_string(), most))
    });
    let flows: Vec<(String, f64)> = flows.collect();
    let mut kept: Vec<(String, f64)> = Vec::new();
    let mut nearest = distance_usd(&ours(&free));
    println!("without limits: {nearest:.0} $ away");
    let mut tried = 1;
    for step in 1..=MOST {
        let mut best: Option<(f64, Vec<(String, f64)>)> = None;
        let open = flows
            .iter()
            .filter(|(line, _)| kept.iter().all(|(own, _)| own != line));
        for (line, most) in open {
            for part in PARTS {
                let mut limits = kept.clone();
                limits.push((line.clone(), (2.0 * part * most).round() / 2.0));
                tried += 1;
                let Some(report) = day(&limits) else { continue };
                let away = distance_usd(&ours(&report));
                if best.as_ref().is_none_or(|(least, _)| away < *least) {
                    println!("  {limits:?}: {away:.0} $ away");
                    best = Some((away, limits));
                }
            }
        }
        match best {
            Some((away, limits)) if away < (1.0 - WORTH) * nearest => {
                (nearest, kept) = (away, limits)
            }
            _ => break,
        }
        println!("step {step}, after {tried} days: {kept:?}, {nearest:.0} $ away");
    }
    let Some(report) = day(&kept) else { return };
    println!("{:18} {:>9} {:>9} {:>9}", "", "printed", "free", "nearest");
    for (k, (id, printed)) in PRINTED.iter().enumerate() {
        let (free, near) = (ours(&free)[k], ours(&report)[k]);
        println!("{id:18} {printed:9.0} {free:9.0} {near:9.0}");
    }
}
