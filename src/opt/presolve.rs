//! Bound tightening: what a choice of some integer variables implies for the others.
//!
//! A row whose variables all have bounds says of each of them how far the others let it go:
//! a_j x_j ≤ upper − Σ_{k≠j} least of a_k x_k. Conditions among choices (one only after
//! another, one of a group, a quantity only when on) are such rows; balances with unbounded flows are not.

use super::{Model, Var};

/// Bounds closer than this to a limit meet it.
const NEAR: f64 = 1e-7;

/// The model with every variable held for which its rows leave one value only.
///
/// A choice that is ruled out and whatever depends on it has no interior otherwise, which an
/// interior-point method does not survive.
pub fn settled(model: &Model) -> Model {
    let mut settled = model.clone();
    let Some(implied) = Implied::of(model) else {
        return settled;
    };
    for v in (0..model.vars().len()).map(Var) {
        if let Some(at) = implied.only(v) {
            settled.set_bounds(v, at, at);
        }
    }
    settled
}

/// Bounds that follow from rows.
struct Implied<'a> {
    model: &'a Model,
    /// Rows of bounded variables, by variable.
    rows: Vec<Vec<usize>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl<'a> Implied<'a> {
    /// `None` where the rows contradict one another.
    fn of(model: &'a Model) -> Option<Implied<'a>> {
        let bounded = |v: Var| {
            let column = &model.vars()[v.0];
            column.lower.is_finite() && column.upper.is_finite()
        };
        let mut rows = vec![Vec::new(); model.vars().len()];
        let mut open = Vec::new();
        for (i, row) in model.rows().iter().enumerate() {
            if row.terms.iter().all(|&(v, _)| bounded(v)) {
                open.push(i);
                for &(v, _) in &row.terms {
                    rows[v.0].push(i);
                }
            }
        }
        let mut implied = Implied {
            model,
            rows,
            lower: model.vars().iter().map(|c| c.lower).collect(),
            upper: model.vars().iter().map(|c| c.upper).collect(),
        };
        while let Some(i) = open.pop() {
            if !implied.tighten(i, &mut open) {
                return None;
            }
        }
        Some(implied)
    }

    /// The one value a variable can have, if there is only one.
    fn only(&self, v: Var) -> Option<f64> {
        let (lower, upper) = (self.lower[v.0], self.upper[v.0]);
        let one = lower.is_finite() && upper - lower <= NEAR * (1.0 + lower.abs());
        one.then_some(if lower.abs() <= NEAR || upper.abs() <= NEAR {
            0.0
        } else {
            lower
        })
    }

    /// Tightens the variables of one row; false where it cannot be met.
    fn tighten(&mut self, i: usize, open: &mut Vec<usize>) -> bool {
        let row = &self.model.rows()[i];
        let ends = |this: &Self, v: Var, a: f64| {
            let (low, high) = (a * this.lower[v.0], a * this.upper[v.0]);
            (low.min(high), low.max(high))
        };
        let (mut least, mut most) = (0.0, 0.0);
        for &(v, a) in &row.terms {
            let (low, high) = ends(self, v, a);
            (least, most) = (least + low, most + high);
        }
        let near = NEAR * (1.0 + least.abs().max(most.abs()));
        if least > row.upper + near || most < row.lower - near {
            return false;
        }
        for &(v, a) in &row.terms {
            let (low, high) = ends(self, v, a);
            let above = (row.upper - (least - low)) / a;
            let below = (row.lower - (most - high)) / a;
            let (mut lower, mut upper) = if a > 0.0 {
                (below, above)
            } else {
                (above, below)
            };
            if self.model.vars()[v.0].integer {
                lower = (lower - NEAR).ceil();
                upper = (upper + NEAR).floor();
            }
            // Tighter by less than this is not worth another round.
            let (old_lower, old_upper) = (self.lower[v.0], self.upper[v.0]);
            let worth = NEAR + 1e-3 * (old_upper - old_lower);
            lower = if lower > old_lower + worth {
                lower
            } else {
                old_lower
            };
            upper = if upper < old_upper - worth {
                upper
            } else {
                old_upper
            };
            if (lower, upper) == (old_lower, old_upper) {
                continue;
            }
            if lower > upper + near {
                return false;
            }
            (self.lower[v.0], self.upper[v.0]) = (lower.min(upper), upper.max(lower));
            // The sums have moved: this row is looked at again with the others.
            open.extend(&self.rows[v.0]);
            return true;
        }
        true
    }
}
