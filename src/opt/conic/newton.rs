//! Newton's method on the optimality conditions with some limits held, as [`follow`](super::follow) writes them.
//!
//! ```text
//! ⎡ H  Aᵀ  Gᵀ ⎤ ⎡  Δx ⎤   ⎡ −∇f      ⎤
//! ⎢ A         ⎥ ⎢ −y  ⎥ = ⎢ b − A x  ⎥     H = ∇²f − Σ λ_k F_kᵀJ F_k      G = rows (F_kᵀJ s_k)ᵀ
//! ⎣ G         ⎦ ⎣ −λ  ⎦   ⎣ −½ sᵀJ s ⎦
//! ```
//!
//! over the variables that are not held, the rows that are and the cones that are touched.

use super::super::ids::Var;
use super::super::model::{Affine, Cone, Model, dot};
use super::super::sparse::Again;

/// What is added to the diagonal so that the matrix can be factored, and taken back by refinement.
const REGULARISATION: f64 = 1e-8;

/// Rounds of refinement, and the residual beside the right-hand side that ends them.
const REFINED: usize = 4;
const EXACT: f64 = 1e-10;

/// The limits held: rows with theirs, cones touched, and the variables at none.
pub(super) struct Held {
    pub free: Vec<usize>,
    pub rows: Vec<(usize, f64)>,
    pub cones: Vec<usize>,
}

/// An order of elimination for every set of limits held: that of all unknowns, those left out passed over.
pub(super) struct Order(Vec<usize>);

impl Order {
    /// That of a model; `None` where its matrix cannot be factored.
    pub(super) fn of(model: &Model, x: &[f64]) -> Option<Order> {
        let rows = 0..model.rows().len();
        let cones = 0..model.cones().len();
        let all = Held {
            free: (0..model.vars().len()).collect(),
            rows: rows.map(|i| (i, 0.0)).collect(),
            cones: cones.clone().collect(),
        };
        let mut newton = Newton::new(model, all, None);
        newton.write(x, &cones.map(|_| 1.0).collect::<Vec<_>>());
        let factor = Again::new(newton.right.len(), &newton.entries, None);
        Some(Order(factor.ok()?.order().to_vec()))
    }

    /// That of the unknowns of a set.
    fn within(&self, model: &Model, held: &Held) -> Vec<usize> {
        let mut place = vec![None; self.0.len()];
        let (vars, rows) = (model.vars().len(), model.rows().len());
        let rows_held = held.rows.iter().map(|(i, _)| vars + i);
        let cones_held = held.cones.iter().map(|k| vars + rows + k);
        let unknowns = held.free.iter().copied().chain(rows_held).chain(cones_held);
        for (k, unknown) in unknowns.enumerate() {
            place[unknown] = Some(k);
        }
        self.0
            .iter()
            .filter_map(|&unknown| place[unknown])
            .collect()
    }
}

/// y of all rows and λ of all cones, zero where they are not held.
pub(super) struct Multipliers {
    pub rows: Vec<f64>,
    pub cones: Vec<f64>,
}

/// One step.
pub(super) enum Step {
    /// How far the point moved, and the multipliers there.
    Taken(f64, Multipliers),
    /// Of the limits held some exclude the others: a combination of them that no step answers.
    Excluded(Multipliers),
}

/// The system above for one set of limits held.
pub(super) struct Newton<'a> {
    model: &'a Model,
    held: Held,
    /// Unknowns of the variables.
    at: Vec<Option<usize>>,
    /// The upper triangle, and what it is to give.
    entries: Vec<(usize, usize, f64)>,
    right: Vec<f64>,
    order: Option<Vec<usize>>,
    factor: Option<Again>,
}

impl<'a> Newton<'a> {
    pub(super) fn new(model: &'a Model, held: Held, order: Option<&Order>) -> Newton<'a> {
        let mut at = vec![None; model.vars().len()];
        for (k, &j) in held.free.iter().enumerate() {
            at[j] = Some(k);
        }
        Newton {
            order: order.map(|order| order.within(model, &held)),
            model,
            held,
            at,
            entries: Vec::new(),
            right: Vec::new(),
            factor: None,
        }
    }

    /// Moves `x` by one step; `None` where the matrix cannot be factored.
    pub(super) fn step(&mut self, x: &mut [f64], lambda: &[f64]) -> Option<Step> {
        self.write(x, lambda);
        let (found, left) = self.solved()?;
        if let Some(left) = left {
            return Some(Step::Excluded(self.multipliers(&left)));
        }
        let mut moved = 0.0_f64;
        for (&j, step) in self.held.free.iter().zip(&found) {
            x[j] += step;
            moved = moved.max(step.abs());
        }
        Some(Step::Taken(moved, self.multipliers(&found)))
    }

    /// From the unknowns −y and −λ that follow those of the variables.
    fn multipliers(&self, unknowns: &[f64]) -> Multipliers {
        let (rows, cones) = unknowns[self.held.free.len()..].split_at(self.held.rows.len());
        let mut all = Multipliers {
            rows: vec![0.0; self.model.rows().len()],
            cones: vec![0.0; self.model.cones().len()],
        };
        for (&(i, _), value) in self.held.rows.iter().zip(rows) {
            all.rows[i] = -value;
        }
        for (&k, value) in self.held.cones.iter().zip(cones) {
            all.cones[k] = -value;
        }
        all
    }

    /// Writes the system at a point: with one set held its entries stay in their places.
    fn write(&mut self, x: &[f64], lambda: &[f64]) {
        let model = self.model;
        self.entries.clear();
        let gradient = model.gradient(x);
        self.right = self.held.free.iter().map(|&j| -gradient[j]).collect();
        for &(i, j, q) in model.quadratic_terms() {
            self.curve(i, j, if i == j { 2.0 * q } else { q });
        }
        for k in 0..self.held.rows.len() {
            let (i, limit) = self.held.rows[k];
            let terms = &model.rows()[i].terms;
            self.line(terms, limit - dot(terms, x));
        }
        for n in 0..self.held.cones.len() {
            let k = self.held.cones[n];
            self.touch(&model.cones()[k], x, lambda[k]);
        }
        let free = self.held.free.len();
        let shifts = (0..self.right.len()).map(|i| {
            let sign = if i < free { 1.0 } else { -1.0 };
            (i, i, sign * REGULARISATION)
        });
        self.entries.extend(shifts);
    }

    /// Adds `value` to the second derivative in two variables.
    fn curve(&mut self, i: Var, j: Var, value: f64) {
        if let (Some(i), Some(j)) = (self.at[i.0], self.at[j.0]) {
            self.entries.push((i.min(j), i.max(j), value));
        }
    }

    /// The line terms · Δx = short.
    fn line(&mut self, terms: &[(Var, f64)], short: f64) {
        let line = self.right.len();
        let free = terms
            .iter()
            .filter_map(|&(v, a)| Some((self.at[v.0]?, line, a)));
        self.entries.extend(free);
        self.right.push(short);
    }

    /// A cone that its point touches: −λ FᵀJF in the second derivative, and the line (FᵀJ s)·Δx = −½ sᵀJ s.
    fn touch(&mut self, cone: &Cone, x: &[f64], lambda: f64) {
        let s = values(cone, x);
        let mut line = Vec::new();
        for (r, (Affine { terms, .. }, along)) in cone.rows.iter().zip(signed(&s)).enumerate() {
            let weight = if r == 0 { -lambda } else { lambda };
            for (n, &(v, a)) in terms.iter().enumerate() {
                line.push((v, a * along));
                for &(w, b) in &terms[n..] {
                    self.curve(v, w, weight * a * b);
                }
            }
        }
        let off = 0.5 * signed(&s).zip(&s).map(|(a, b)| a * b).sum::<f64>();
        self.line(&line, -off);
    }

    /// The unknowns, and what is left of the right-hand side where lines exclude one another; `None` where the
    /// matrix cannot be factored.
    fn solved(&mut self) -> Option<(Vec<f64>, Option<Vec<f64>>)> {
        let n = self.right.len();
        let factor = match &mut self.factor {
            Some(factor) => {
                factor.refactor(&self.entries).ok()?;
                factor
            }
            none => none.insert(Again::new(n, &self.entries, self.order.take()).ok()?),
        };
        // The shifts, which come last, are no part of what is solved.
        let exact = &self.entries[..self.entries.len() - n];
        let size = self.right.iter().fold(1.0_f64, |size, b| size.max(b.abs()));
        let mut x = vec![0.0; n];
        let mut left = self.right.clone();
        for _ in 0..REFINED {
            factor.solve(&mut left);
            for (x, d) in x.iter_mut().zip(&left) {
                *x += d;
            }
            left.clone_from(&self.right);
            for &(i, j, a) in exact {
                left[i] -= a * x[j];
                if i != j {
                    left[j] -= a * x[i];
                }
            }
            let worst = left.iter().fold(0.0_f64, |worst, r| worst.max(r.abs()));
            if worst <= EXACT * size {
                return Some((x, None));
            }
            if !worst.is_finite() {
                return None;
            }
        }
        Some((x, Some(left)))
    }
}

/// s = F x + g.
pub(super) fn values(cone: &Cone, x: &[f64]) -> Vec<f64> {
    cone.rows.iter().map(|row| row.value(x)).collect()
}

/// J s.
pub(super) fn signed(s: &[f64]) -> impl Iterator<Item = f64> {
    let signs = std::iter::once(1.0).chain(std::iter::repeat(-1.0));
    s.iter().zip(signs).map(|(s, sign)| sign * s)
}

/// The norm of what must not exceed the first entry.
pub(super) fn rest(s: &[f64]) -> f64 {
    s[1..].iter().map(|s| s * s).sum::<f64>().sqrt()
}
