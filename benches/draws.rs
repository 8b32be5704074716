//! Dispatches of random loads and DERs: by bases that are known beside the full path, in one run.
//!
//! `cargo bench --features internals --bench draws -- [DRAWS] [FILE.m …]`: the 4-node and 30-bus presets and the
//! MATPOWER cases named. Loads are drawn one by one within ±10 and ±30 % of the case's, the capacity of each DER
//! between nothing and all. Costs and prices are compared on every hundredth draw.

use std::time::{Duration, Instant};

use fastrand::Rng;
use tandem::market::rt_sced::dispatch::known::written;
use tandem::market::rt_sced::dispatch::pricing::{Dispatch, dispatch};
use tandem::market::rt_sced::dispatch::request::{Aggregation, Request};
use tandem::market::rt_sced::process::initial_state;
use tandem::market::rt_sced::system::{State, System};
use tandem::market::rt_sced::{Method, RtSced};
use tandem::market::shared::offers::cost_usd_per_h;
use tandem::opt::{Model, lp_file};
use tandem::scenario::{Document, Mechanism, gallery};

/// Every so many draws the full path is asked, too.
const COMPARED: usize = 100;

struct Compared {
    draws: usize,
    known: Duration,
    full: Duration,
    asked: usize,
    /// Largest relative difference of cost and of an LMP.
    cost: f64,
    price: f64,
    unserved: usize,
    /// Of draws that another solver is to have.
    loads: Vec<(Vec<f64>, Vec<f64>, f64)>,
}

fn cost(system: &System, dispatch: &Dispatch) -> f64 {
    let units = system.generators.iter().zip(&dispatch.generators_mw);
    let ders = system.ders.iter().zip(&dispatch.ders_mw);
    units
        .chain(ders)
        .map(|(r, &p)| cost_usd_per_h(&r.offer, p))
        .sum()
}

fn far(a: f64, b: f64) -> f64 {
    match a.is_nan() && b.is_nan() {
        true => 0.0,
        false => (a - b).abs() / (1.0 + b.abs()),
    }
}

fn draw(system: &mut System, params: &RtSced, width: f64, draws: usize) -> Compared {
    let mut rng = Rng::with_seed(1);
    let se = initial_state(system, params);
    let most: Vec<f64> = system.ders.iter().map(|d| d.max_p_mw).collect();
    let ranges: Vec<(f64, f64)> = system
        .generators
        .iter()
        .map(|g| (g.min_p_mw, g.max_p_mw))
        .collect();
    let mut found = Compared {
        draws,
        known: Duration::ZERO,
        full: Duration::ZERO,
        asked: 0,
        cost: 0.0,
        price: 0.0,
        unserved: 0,
        loads: Vec::new(),
    };
    for n in 0..draws {
        let loads = system.load_mw.iter();
        let loads: Vec<f64> = loads
            .map(|p| p * (1.0 + width * (2.0 * rng.f64() - 1.0)))
            .collect();
        for (der, most) in system.ders.iter_mut().zip(&most) {
            der.max_p_mw = der.min_p_mw + (most - der.min_p_mw) * rng.f64();
        }
        let request = request(&se, &loads, &ranges);
        let start = Instant::now();
        let ours = dispatch(system, &request).ok();
        found.known += start.elapsed();
        found.unserved += usize::from(ours.is_none());
        if let Some(ours) = ours.as_ref().filter(|_| n >= draws.saturating_sub(WRITTEN)) {
            let most = system.ders.iter().map(|der| der.max_p_mw).collect();
            found.loads.push((loads.clone(), most, cost(system, ours)));
        }
        if n % COMPARED != COMPARED - 1 {
            continue;
        }
        let held = system.known.borrow_mut();
        let start = Instant::now();
        let theirs = dispatch(system, &request).ok();
        found.full += start.elapsed();
        drop(held);
        found.asked += 1;
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                let (a, b) = (cost(system, &ours), cost(system, &theirs));
                found.cost = found.cost.max((a - b).abs() / (1.0 + b.abs()));
                let lmps = ours.prices.lmp.iter().zip(&theirs.prices.lmp);
                found.price = lmps.map(|(&a, &b)| far(a, b)).fold(found.price, f64::max);
            }
            (None, None) => {}
            _ => found.cost = f64::INFINITY,
        }
    }
    found
}

/// The last draws as programs with every limit that any of them met.
fn hand_over(
    name: &str,
    system: &mut System,
    params: &RtSced,
    found: &Compared,
) -> std::io::Result<()> {
    let se = initial_state(system, params);
    let units = system.generators.iter();
    let ranges: Vec<(f64, f64)> = units.map(|g| (g.min_p_mw, g.max_p_mw)).collect();
    let mut asked = Vec::new();
    for (loads, most, _) in &found.loads {
        for (der, &most) in system.ders.iter_mut().zip(most) {
            der.max_p_mw = most;
        }
        asked.extend(written(system, &request(&se, loads, &ranges)));
    }
    let costs: Vec<f64> = found.loads.iter().map(|(_, _, cost)| *cost).collect();
    let known_us = 1e6 * found.known.as_secs_f64() / found.draws as f64;
    write(name.trim_end_matches(".m"), &asked, &costs, known_us)
}

fn request<'a>(se: &'a State, loads: &'a [f64], ranges: &'a [(f64, f64)]) -> Request<'a> {
    Request {
        name: "draw".into(),
        aggregation: Aggregation::Elemental,
        se,
        loads_mw: loads,
        generator_range_mw: ranges,
        ahead: &[],
        warm_limits: &[],
        warm_cuts: &[],
    }
}

/// Draws handed to another solver.
const WRITTEN: usize = 1_000;

/// The programs of the first draws, as one LP file and the bounds of each draw, for draws_highs.py.
fn write(name: &str, asked: &[Model], costs: &[f64], known_us: f64) -> std::io::Result<()> {
    let Some(first) = asked.last() else {
        return Ok(());
    };
    let folder = std::path::Path::new("target/bench-draws");
    std::fs::create_dir_all(folder)?;
    let file = |ending: &str| folder.join(format!("{name}.{ending}"));
    let listed = |values: &mut dyn Iterator<Item = f64>| -> String {
        values.map(|v| format!("{v:e} ")).collect()
    };
    let names = |all: &mut dyn Iterator<Item = &str>| -> String {
        all.map(|name| format!("{name}\n")).collect()
    };
    std::fs::write(file("lp"), lp_file::write(first))?;
    let rows = &mut first.rows().iter().map(|row| &*row.name);
    std::fs::write(file("rows"), names(rows))?;
    let columns = &mut first.vars().iter().map(|column| &*column.name);
    std::fs::write(file("columns"), names(columns))?;
    let mut text = "cost,known_us,row_lower,row_upper,column_lower,column_upper\n".to_owned();
    for (model, cost) in asked.iter().zip(costs) {
        let rows = || model.rows().iter();
        let columns = || model.vars().iter();
        text.push_str(&format!(
            "{cost:e},{known_us:e},{},{},{},{}\n",
            listed(&mut rows().map(|row| row.lower)),
            listed(&mut rows().map(|row| row.upper)),
            listed(&mut columns().map(|column| column.lower)),
            listed(&mut columns().map(|column| column.upper)),
        ));
    }
    std::fs::write(file("csv"), text)
}

fn main() {
    let arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let arguments: Vec<String> = arguments.collect();
    let draws = arguments.first().and_then(|a| a.parse().ok());
    let draws: usize = draws.unwrap_or(10_000);
    let files = arguments.iter().filter(|a| a.ends_with(".m"));
    let presets = ["zuo-4node", "zuo-30bus"].map(|id| (id.to_owned(), gallery::document(id)));
    let files = files.map(|file| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let bytes = std::fs::read(file).unwrap_or_default();
        (name.to_owned(), Document::open_file(&bytes))
    });
    println!(
        "{:22}{:>6}{:>9}{:>12}{:>12}{:>7}{:>9}{:>8}{:>7}{:>11}{:>11}",
        "system",
        "±",
        "draws",
        "known, 1/s",
        "full, 1/s",
        "ratio",
        "known",
        "pivots",
        "new",
        "cost",
        "price"
    );
    for (name, document) in presets.into_iter().chain(files) {
        let Ok(document) = document else {
            println!("{name}: does not open");
            continue;
        };
        let Mechanism::RtSced(params) = &document.mechanism else {
            println!("{name}: no dispatch");
            continue;
        };
        let params = RtSced {
            method: Method::Optimal,
            intervals: 1,
            ..params.clone()
        };
        for width in [0.1, 0.3] {
            let Ok(mut system) = System::new(&document.case, &params) else {
                println!("{name}: no network");
                continue;
            };
            let found = draw(&mut system, &params, width, draws);
            let tally = system.known.borrow().tally();
            let known = found.draws as f64 / found.known.as_secs_f64();
            let full = found.asked as f64 / found.full.as_secs_f64();
            if width == 0.1
                && let Err(why) = hand_over(&name, &mut system, &params, &found)
            {
                println!("{name}: {why}");
            }
            let share = tally.known as f64 / found.draws as f64;
            println!(
                "{name:22}{:>6}{:>9}{known:>12.0}{full:>12.0}{:>7.1}{:>9}{:>8.2}{:>7}{:>11.1e}{:>11.1e}  {} unserved, {} anew",
                format!("{:.0} %", 100.0 * width),
                found.draws,
                known / full,
                format!("{:.2} %", 100.0 * share),
                tally.pivots as f64 / found.draws as f64,
                tally.found,
                found.cost,
                found.price,
                found.unserved,
                (found.draws as u64).saturating_sub(tally.known + tally.walked + tally.found),
            );
        }
    }
}
