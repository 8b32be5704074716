//! Dispatch LPs in shift-factor form: time of one solve with prices.
//!
//! Seeded random dispatches the size of a 30-bus system: 30 bids, one balance row, 10 line
//! limits added when violated, then the price vector. Prints medians in microseconds and
//! writes the same LPs, with every limit in, to `target/bench-lps` together with our
//! costs and times; `benches/run.sh` solves those with HiGHS in the same run.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;
use tandem::opt::{Constraint, DualFace, Model, Solution, Var, certify, lp_file, simplex};

const SEED: u64 = 30;
const CASES: usize = 200;
const REPEATS: usize = 50;
const BIDS: usize = 30;
const LINES: usize = 10;

/// A dispatch without its line limits, and the limits.
struct Dispatch {
    base: Model,
    limits: Vec<Constraint>,
}

impl Dispatch {
    /// Limits are drawn around the flows of the dispatch in merit order, so that several
    /// are violated by it and most are not.
    fn new(random: &mut fastrand::Rng, case: usize) -> Option<Dispatch> {
        let mut base = Model::new(format!("dispatch {case}"));
        let mut capacity = 0.0;
        for j in 0..BIDS {
            let size = 2.0 + 18.0 * random.f64();
            base.var(format!("b{j}"), 0.0, size, 10.0 + 50.0 * random.f64());
            capacity += size;
        }
        let load = capacity * (0.4 + 0.3 * random.f64());
        base.row("balance", (0..BIDS).map(|j| (Var(j), 1.0)), load, load);
        let Ok(free) = simplex::solve(&base) else {
            return None;
        };
        let limits = (0..LINES)
            .map(|l| {
                let terms: Vec<(Var, f64)> =
                    (0..BIDS).map(|j| (Var(j), random.f64() - 0.5)).collect();
                let flow: f64 = terms.iter().map(|&(v, a)| a * free.x[v.0]).sum();
                let limit = 1.0 + flow.abs() * (0.6 + random.f64());
                Constraint {
                    name: format!("line{l}").into(),
                    terms,
                    lower: -limit,
                    upper: limit,
                    ..Constraint::default()
                }
            })
            .collect();
        Some(Dispatch { base, limits })
    }

    fn full(&self) -> Model {
        let mut model = self.base.clone();
        for row in &self.limits {
            model.push(row.clone());
        }
        model
    }

    /// The dispatch as a market model would run it: violated limits enter, worst first.
    fn solve(&self) -> Option<(Model, Solution)> {
        let mut model = self.base.clone();
        let outcome = simplex::solve_lazy(&mut model, |x| self.violated(x));
        match outcome {
            Ok(solution) => Some((model, solution)),
            _ => None,
        }
    }

    fn violated(&self, x: &[f64]) -> Vec<Constraint> {
        let over = |row: &Constraint| {
            let flow: f64 = row.terms.iter().map(|&(v, a)| a * x[v.0]).sum();
            (flow - row.upper).max(row.lower - flow)
        };
        let mut worst: Vec<(f64, &Constraint)> = self
            .limits
            .iter()
            .map(|row| (over(row), row))
            .filter(|(over, _)| *over > 1e-7)
            .collect();
        worst.sort_by(|a, b| b.0.total_cmp(&a.0));
        worst.into_iter().map(|(_, row)| row.clone()).collect()
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Median microseconds of `work`.
fn time<T>(mut work: impl FnMut() -> T) -> f64 {
    median(
        (0..REPEATS)
            .map(|_| {
                let start = Instant::now();
                black_box(work());
                start.elapsed().as_secs_f64() * 1e6
            })
            .collect(),
    )
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-lps");
    std::fs::create_dir_all(&folder).expect("target/bench-lps can be made");
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut results = String::from("name,objective,lazy_us,full_us,prices_us\n");
    let (mut lazy, mut full, mut prices, mut added) = (vec![], vec![], vec![], 0);
    let mut case = 0;
    while lazy.len() < CASES {
        case += 1;
        let Some(dispatch) = Dispatch::new(&mut random, case) else {
            continue;
        };
        let Some((model, solution)) = dispatch.solve() else {
            continue; // No dispatch within these limits.
        };
        let whole = dispatch.full();
        let face = DualFace::new(&model, &solution.x).expect("an optimum has prices");
        let duals = face.duals(&[]).expect("an optimum has prices");
        assert!(certify("bench", &model, &solution.x, Some(&duals)).certified);
        assert!(certify("bench", &whole, &solution.x, None).certified);
        added += model.rows().len() - 1;
        lazy.push(time(|| dispatch.solve()));
        full.push(time(|| simplex::solve(&dispatch.full())));
        prices.push(time(|| {
            DualFace::new(&model, &solution.x).and_then(|f| f.duals(&[]))
        }));
        let name = format!("dispatch{case:04}");
        std::fs::write(folder.join(format!("{name}.lp")), lp_file::write(&whole))
            .expect("target/bench-lps can be written");
        let last = lazy.len() - 1;
        let _ = writeln!(
            results,
            "{name},{},{},{},{}",
            solution.objective, lazy[last], full[last], prices[last]
        );
    }
    std::fs::write(folder.join("ours.csv"), results).expect("target/bench-lps can be written");
    println!("{CASES} dispatches, seed {SEED}: {BIDS} bids, {LINES} line limits");
    println!("limits added, mean    {:8.2}", added as f64 / CASES as f64);
    println!("solve, limits lazily  {:8.1} µs (median)", median(lazy));
    println!("solve, all limits     {:8.1} µs", median(full));
    println!("prices                {:8.1} µs", median(prices));
}
