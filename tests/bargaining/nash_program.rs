//! The Nash bargain as the program it is defined by, solved by cones: a check of the closed form.
//!
//! max Π_k B_k^{n_k} with whole powers n_k is max t subject to t ≤ (Π B_k^{n_k})^{1/N}, N = Σ n_k.
//! A geometric mean of 2^h numbers is a binary tree of y² ≤ x₁ x₂, each a second-order cone
//! ‖(2y, x₁ − x₂)‖ ≤ x₁ + x₂; the leaves beyond N are t itself.

use tandem::market::shared::nash_bargain::Bargain;
use tandem::opt::{Model, Var, conic};

/// Most powers in all.
pub const MOST_POWERS: u32 = 256;

/// Later solves are about the point of the one before, in units finer by this factor.
const FINER: f64 = 1e3;

/// Payments that maximise the product of the net benefits, by interior point; player k counts
/// `powers[k]` times, the ISO first. Amounts are scaled by the surplus before they reach the solver;
/// the product is flat about its maximum, so two more solves look at the neighbourhood of the last.
///
/// Eq. `[wang2017]`(1.3) c.
///
/// # Errors
/// A surplus that is not positive, so that no bargain exists; powers of zero or of the wrong
/// number; a program that is not solved.
pub fn by_program(utility_usd: &[f64], cost_usd: f64, powers: &[u32]) -> Result<Bargain, String> {
    let players = utility_usd.len() + 1;
    let surplus = utility_usd.iter().sum::<f64>() - cost_usd;
    let total = powers.iter().fold(0_u32, |sum, p| sum.saturating_add(*p));
    if powers.len() != players || powers.contains(&0) || total > MOST_POWERS {
        return Err(format!(
            "{players} players need as many whole powers from 1, at most {MOST_POWERS} in all"
        ));
    }
    if surplus.is_nan() || surplus <= 0.0 {
        return Err(format!(
            "the surplus is {surplus} $; nothing is left to bargain over"
        ));
    }
    let utilities: Vec<f64> = utility_usd.iter().map(|u| u / surplus).collect();
    let cost = cost_usd / surplus;
    // An even split to begin with.
    let start = vec![1.0 / players as f64; players];
    let rough = about(&utilities, cost, powers, &start, 1.0)?;
    let near = about(&utilities, cost, powers, &rough, FINER)?;
    let benefits = about(&utilities, cost, powers, &near, FINER)?;
    let paid = utilities.iter().zip(&benefits[1..]);
    Ok(Bargain {
        payments_usd: paid.map(|(u, b)| (u - b) * surplus).collect(),
        charge_usd: (cost + benefits[0]) * surplus,
        benefits_usd: benefits.iter().map(|b| b * surplus).collect(),
    })
}

/// Net benefits of the program, written in K times the distance from `centre`.
fn about(
    utilities: &[f64],
    cost: f64,
    powers: &[u32],
    centre: &[f64],
    k: f64,
) -> Result<Vec<f64>, String> {
    let mut model = Model::new("product of net benefits");
    let free = f64::INFINITY;
    // An amount x is centre + moved / K.
    let charged = cost + centre[0];
    let charge = model.var("charge", -free, free, 0.0);
    let payments: Vec<Var> = (0..utilities.len())
        .map(|m| model.var(format!("payment {}", m + 1), -free, free, 0.0))
        .collect();
    let benefits: Vec<Leaf> = centre
        .iter()
        .enumerate()
        .map(|(p, &at)| {
            let moved = model.var(format!("benefit {p}"), -k * at, free, 0.0);
            Leaf { moved, at }
        })
        .collect();
    // B_0 = c − ΔG, B_m = ΔU^m − b_m, both exact at the centre.
    let iso = [(benefits[0].moved, 1.0), (charge, -1.0)];
    model.row("ISO", iso, 0.0, 0.0);
    let mut paid = 0.0;
    for (m, u) in utilities.iter().enumerate() {
        paid += u - centre[m + 1];
        let terms = [(benefits[m + 1].moved, 1.0), (payments[m], 1.0)];
        model.row(format!("DSO {}", m + 1), terms, 0.0, 0.0);
    }
    // c ≤ Σ b_m.
    let budget = payments.iter().map(|&b| (b, -1.0)).chain([(charge, 1.0)]);
    model.row("budget", budget, -free, k * (paid - charged));
    let mut leaves: Vec<Leaf> = Vec::new();
    for (&benefit, &power) in benefits.iter().zip(powers) {
        leaves.extend(std::iter::repeat_n(benefit, power as usize));
    }
    tower(&mut model, leaves, k);
    let x = conic::solve(&model).map_err(|why| why.to_string())?.x;
    Ok(benefits.iter().map(|b| b.at + x[b.moved.0] / k).collect())
}

/// A quantity `at` + `moved` / K.
#[derive(Clone, Copy)]
struct Leaf {
    moved: Var,
    at: f64,
}

/// Maximises the geometric mean of the leaves.
fn tower(model: &mut Model, leaves: Vec<Leaf>, k: f64) {
    let free = f64::INFINITY;
    let logs: f64 = leaves.iter().map(|l| libm::log(l.at.max(1e-6))).sum();
    let at = libm::exp(logs / leaves.len() as f64);
    let moved = model.var("geometric mean", -k * at, free, -1.0);
    let mean = Leaf { moved, at };
    let mut level = leaves;
    level.resize(level.len().next_power_of_two(), mean);
    while level.len() > 1 {
        let last = level.len() == 2;
        let pairs: Vec<(Leaf, Leaf)> = level.chunks_exact(2).map(|p| (p[0], p[1])).collect();
        let width = pairs.len();
        level = pairs
            .into_iter()
            .enumerate()
            .map(|(n, (a, b))| {
                let name = format!("mean {n} of {width}");
                let y = if last {
                    mean
                } else {
                    let at = (a.at * b.at).max(0.0).sqrt();
                    let moved = model.var(name.clone(), -k * at, free, 0.0);
                    Leaf { moved, at }
                };
                let sum = vec![(a.moved, 1.0), (b.moved, 1.0)];
                let difference = vec![(a.moved, 1.0), (b.moved, -1.0)];
                let rows = vec![
                    (sum, k * (a.at + b.at)),
                    (vec![(y.moved, 2.0)], 2.0 * k * y.at),
                    (difference, k * (a.at - b.at)),
                ];
                model.cone(name, rows);
                y
            })
            .collect();
    }
}
