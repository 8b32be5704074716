//! What lies between two scenarios: the inputs that differ, the outputs that differ, and how much of a difference each input
//! makes.
//!
//! The changes c₁ … c_n lead from A to B. With v(S) the number that the scenario A has once the changes S are made:
//!
//! * in turn, c_k makes v({1 … k}) − v({1 … k−1}), which adds up to v(B) − v(A) and depends on the order;
//! * its fair share (Shapley value) is the mean over all orders, φ_k = Σ_S |S|! (n − |S| − 1)! / n! · (v(S ∪ k) − v(S)), which
//!   adds up to the same and depends on none. It takes 2ⁿ scenarios, so up to [`MOST_SHARED`] changes.
//!
//! A scenario on the way that has no answer is passed: its change counts together with the next. Fair shares need an answer
//! to every set, and are refused by the first that has none.

mod changes;
mod report;
mod values;

use crate::case::Problem;
use crate::report::Report;
use crate::scenario::Document;

/// Changes up to which all orders are taken.
pub const MOST_SHARED: usize = 6;
/// Changes up to which each is made in turn.
pub const MOST_IN_TURN: usize = 40;

/// What lies between two documents.
///
/// # Errors
/// Problems of either, told with the word `a` or `b` before the field.
pub fn between(a: &Document, b: &Document) -> Result<Report, Vec<Problem>> {
    let of = |name: &str, problems: Vec<Problem>| -> Vec<Problem> {
        let mut problems = problems;
        for problem in &mut problems {
            problem.field = format!("{name}.{}", problem.field);
        }
        problems
    };
    let ends = [
        crate::run::run(a).map_err(|p| of("a", p))?,
        crate::run::run(b).map_err(|p| of("b", p))?,
    ];
    let changes = changes::changes(a, b);
    let causes = values::causes(a, &changes, &ends);
    Ok(report::report(a, b, &changes, &ends, &causes))
}
