//! Branch and bound among a few choices of a large program, to better a point that is known.
//!
//! Every node is the program with its binaries in [0, 1] but those held; the node of least cost is split at the
//! choice with the largest quantity at stake, and each half is rounded. A node that costs more than the point
//! known holds nothing better.

use super::diving::{self, Integral};
use super::presolve::settled;
use super::{Model, Solution, Var};

/// Splits of a search.
const SPLITS: usize = 6;

/// A binary this close to whole is whole.
const WHOLE: f64 = 1e-5;

/// A point with whole binaries and the program that holds them.
type Point = (Model, Solution);

struct Node {
    model: Model,
    solution: Solution,
}

/// Searches for a better choice among the binaries that the prices of a point contradict, as long as it is not
/// within a share of its bound.
pub fn improved(model: &Model, mut found: Integral) -> Integral {
    let enough = found.bound + diving::NEAR * (1.0 + found.bound.abs());
    let cost = found.solution.objective;
    if found.exact || cost <= enough {
        return found;
    }
    if let Some(open) = diving::released(model, &found.solution)
        && let Some(point) = better(model, open, cost, enough, SPLITS)
    {
        (found.fixed, found.solution) = point;
    }
    found
}

/// A point of `model` that costs less than `known`, from the relaxation `open` with its binaries free as far
/// as their bounds say; `None` where none was found within `splits` of nodes. It stops once a point costs no
/// more than `enough`.
fn better(
    model: &Model,
    open: Model,
    known_cost: f64,
    enough: f64,
    splits: usize,
) -> Option<Point> {
    let solution = diving::priced(&open).ok()?;
    let mut left = vec![Node {
        model: open,
        solution,
    }];
    let (mut best, mut cost): (Option<Point>, f64) = (None, known_cost);
    for _ in 0..splits {
        let costs = left.iter().map(|node| node.solution.objective).enumerate();
        let Some((k, least)) = costs.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            break;
        };
        if least >= cost || cost <= enough {
            break;
        }
        let node = left.swap_remove(k);
        let Some(v) = at_stake(model, &node) else {
            continue;
        };
        for value in [1.0, 0.0] {
            let mut half = node.model.clone();
            half.set_bounds(v, value, value);
            let half = settled(&half);
            let Ok(solution) = diving::priced(&half) else {
                continue;
            };
            if solution.objective >= cost {
                continue;
            }
            if let Ok(point) = diving::dive(model, half.clone(), solution.clone())
                && point.1.objective < cost
            {
                cost = point.1.objective;
                best = Some(point);
            }
            left.push(Node {
                model: half,
                solution,
            });
        }
    }
    best
}

/// The choice of a node that is not whole and moves most by being so: its distance to whole times its largest
/// factor in a row.
fn at_stake(model: &Model, node: &Node) -> Option<Var> {
    let mut factor = vec![0.0_f64; model.vars().len()];
    for row in model.rows() {
        for &(v, a) in &row.terms {
            factor[v.0] = factor[v.0].max(a.abs());
        }
    }
    let choices = (0..model.vars().len()).filter(|&j| model.vars()[j].integer);
    let weighed = choices.filter_map(|j| {
        let at = node.solution.x[j];
        let off = (at - at.round()).abs();
        (off > WHOLE).then_some((Var(j), off * factor[j]))
    });
    weighed.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(v, _)| v)
}
