//! Dispatches of random loads and DERs: by bases that are known beside the full path, in one run.
//!
//! `cargo bench --features internals --bench draws -- [DRAWS] [FILE.m …]`: the 4-node and 30-bus presets and the
//! MATPOWER cases named, at ±10 and ±30 %; a line ends after two minutes. Costs and prices are compared on every
//! hundredth draw. Programs of ±10 % are left in target/bench-draws for draws_highs.py.

use std::time::{Duration, Instant};

use serde_json::json;
use tandem::opt::Model;
use tandem::scenario::{Document, gallery};

#[path = "kernels/src/draws.rs"]
mod draws;

use draws::{Draw, Draws};
use tandem::market::rt_sced::dispatch::pricing::Dispatch;

/// Every so many draws the full path is asked, too.
const COMPARED: usize = 100;

/// Draws in hand at a time.
const AT_A_TIME: usize = 1_000;

/// A line ends after this, and the full path is asked no longer.
const LONGEST: Duration = Duration::from_secs(90);

/// Draws handed to another solver at most, and numbers of them.
const WRITTEN: usize = 1_000;
const NUMBERS: usize = 4_000_000;

#[derive(Default)]
struct Found {
    draws: usize,
    served: usize,
    known: Duration,
    /// Of those served.
    known_served: Duration,
    asked: usize,
    asked_served: usize,
    full: Duration,
    full_served: Duration,
    /// Largest relative difference of cost, and of an LMP that is outside the range announced.
    cost: f64,
    price: f64,
    /// Draws served by one path alone.
    apart: usize,
}

fn far(a: f64, b: f64) -> f64 {
    match a.is_nan() && b.is_nan() {
        true => 0.0,
        false => (a - b).abs() / (1.0 + b.abs()),
    }
}

fn run(draws: &mut Draws, count: usize) -> Found {
    let mut found = Found::default();
    let mut sample = Vec::new();
    while found.draws < count && found.known < LONGEST {
        let these = (0..AT_A_TIME.min(count - found.draws)).map(|_| draws.next());
        let these: Vec<Draw> = these.collect();
        let all = these.len();
        draws.hold(these);
        let mut kept = Vec::new();
        let mut start = Instant::now();
        for n in 0..all {
            draws.turn_to(n);
            let ours = draws.known();
            found.served += usize::from(ours.is_some());
            let served = ours.is_some();
            if n % COMPARED == COMPARED - 1 {
                kept.push((n, ours));
            }
            let end = Instant::now();
            let took = end - start;
            start = end;
            found.known += took;
            if served {
                found.known_served += took;
            }
        }
        found.draws += all;
        let kept = kept.into_iter();
        sample.extend(kept.map(|(n, ours)| (draws.held()[n].clone(), ours)));
    }
    compare(draws, sample, &mut found);
    found
}

/// Clears a sample by the full path.
fn compare(draws: &mut Draws, sample: Vec<(Draw, Option<Dispatch>)>, found: &mut Found) {
    let (drawn, answers): (Vec<Draw>, Vec<Option<Dispatch>>) = sample.into_iter().unzip();
    draws.hold(drawn);
    for (n, ours) in answers.into_iter().enumerate() {
        if found.full > LONGEST {
            break;
        }
        draws.turn_to(n);
        let start = Instant::now();
        let theirs = draws.anew();
        let took = start.elapsed();
        found.asked += 1;
        found.full += took;
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => {
                found.asked_served += 1;
                found.full_served += took;
                found.cost = found.cost.max(far(draws.cost(&ours), draws.cost(&theirs)));
                let lmps = ours.prices.lmp.iter().zip(&theirs.prices.lmp);
                for (i, (&a, &b)) in lmps.enumerate() {
                    let range = theirs.prices.lmp_range.as_ref().map(|ranges| ranges[i]);
                    let nearest = range.map_or(b, |(low, high)| a.max(low).min(high));
                    found.price = found.price.max(far(a, nearest));
                }
            }
            (None, None) => {}
            _ => found.apart += 1,
        }
    }
}

/// The draws in hand as programs, for draws_highs.py: coefficients once, limits and bounds of each.
fn hand_over(
    name: &str,
    draws: &mut Draws,
    found: &Found,
    program: impl Fn(&Draws) -> Option<Model>,
) -> std::io::Result<()> {
    let folder = std::path::Path::new("target/bench-draws");
    std::fs::create_dir_all(folder)?;
    let listed = |values: &mut dyn Iterator<Item = f64>| -> String {
        values.map(|v| format!("{v:e} ")).collect()
    };
    let mut text = "cost,row_lower,row_upper,column_lower,column_upper\n".to_owned();
    let mut written = None;
    let mut numbers = 0;
    for n in 0..draws.held().len().min(WRITTEN) {
        draws.turn_to(n);
        let Some(cost) = draws.known().map(|dispatch| draws.cost(&dispatch)) else {
            continue;
        };
        let Some(model) = program(draws).filter(|_| numbers < NUMBERS) else {
            break;
        };
        let rows = || model.rows().iter();
        let columns = || model.vars().iter();
        numbers += 2 * (rows().len() + columns().len());
        text.push_str(&format!(
            "{cost:e},{},{},{},{}\n",
            listed(&mut rows().map(|row| row.lower)),
            listed(&mut rows().map(|row| row.upper)),
            listed(&mut columns().map(|column| column.lower)),
            listed(&mut columns().map(|column| column.upper)),
        ));
        written = Some(model);
    }
    let Some(model) = written else {
        return Ok(());
    };
    let terms = || model.rows().iter().flat_map(|row| &row.terms);
    let ends = model.rows().iter().scan(0, |end, row| {
        *end += row.terms.len();
        Some(*end)
    });
    let of = json!({
        "costs": model.vars().iter().map(|column| column.cost).collect::<Vec<f64>>(),
        "starts": std::iter::once(0).chain(ends).collect::<Vec<usize>>(),
        "columns": terms().map(|(v, _)| v.0).collect::<Vec<usize>>(),
        "values": terms().map(|(_, a)| *a).collect::<Vec<f64>>(),
        "known_us": 1e6 * found.known_served.as_secs_f64() / found.served as f64,
    });
    std::fs::write(folder.join(format!("{name}.json")), of.to_string())?;
    std::fs::write(folder.join(format!("{name}.csv")), text)
}

fn line(name: &str, width: f64, draws: &Draws, found: &Found) {
    let tally = draws.system.known.borrow().tally();
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    let (known, full) = (
        rate(found.draws, found.known),
        rate(found.asked, found.full),
    );
    let served = rate(found.served, found.known_served);
    let full_served = rate(found.asked_served, found.full_served);
    println!(
        "{name:26}{:>5}{:>8}{:>8}{known:>11.0}{full:>9.0}{:>7.1}{served:>11.0}{full_served:>9.0}{:>7.1}{:>9}{:>7}{:>7.3}{:>9.1e}{:>9.1e}{:>6}",
        format!("{:.0} %", 100.0 * width),
        found.draws,
        found.draws - found.served,
        known / full,
        served / full_served,
        format!("{:.2} %", 100.0 * tally.known as f64 / found.draws as f64),
        tally.found,
        tally.pivots as f64 / found.draws as f64,
        found.cost,
        found.price,
        found.apart,
    );
}

fn main() {
    let arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let arguments: Vec<String> = arguments.collect();
    let count = arguments.first().and_then(|a| a.parse().ok());
    let count: usize = count.unwrap_or(10_000);
    let files = arguments.iter().filter(|a| a.ends_with(".m"));
    let presets = ["zuo-4node", "zuo-30bus"].map(|id| (id.to_owned(), gallery::document(id)));
    let files = files.map(|file| {
        let name = file
            .rsplit('/')
            .next()
            .unwrap_or(file)
            .trim_end_matches(".m");
        let bytes = std::fs::read(file).unwrap_or_default();
        (name.to_owned(), Document::open_file(&bytes))
    });
    println!(
        "{:26}{:>5}{:>8}{:>8}{:>11}{:>9}{:>7}{:>11}{:>9}{:>7}{:>9}{:>7}{:>7}{:>9}{:>9}{:>6}",
        "system",
        "±",
        "draws",
        "none",
        "known 1/s",
        "full 1/s",
        "ratio",
        "served 1/s",
        "full 1/s",
        "ratio",
        "known",
        "new",
        "pivots",
        "cost",
        "price",
        "apart"
    );
    for (name, document) in presets.into_iter().chain(files) {
        for width in [0.1, 0.3] {
            let draws = document.as_ref().ok().and_then(|d| Draws::new(d, width));
            let Some(mut draws) = draws else {
                println!("{name}: no dispatch");
                continue;
            };
            let found = run(&mut draws, count);
            line(&name, width, &draws, &found);
            if width == 0.1 {
                let more = (0..WRITTEN).map(|_| draws.next()).collect();
                draws.hold(more);
                let met = hand_over(&name, &mut draws, &found, Draws::with_limits_met);
                let all = format!("{name}, all limits");
                let all = hand_over(&all, &mut draws, &found, Draws::with_all_limits);
                if let Err(why) = met.and(all) {
                    println!("{name}: {why}");
                }
            }
        }
    }
}
