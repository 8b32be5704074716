//! What is held at a limit, and the point and multipliers that follow.

use super::super::at::{At, Place, bounds, limits};
use super::super::model::{Model, dot};
use super::Failure;
use nalgebra::{DMatrix, DVector, Dyn, LU};

/// A value this near a limit, relative, stands at it in a vertex.
pub(super) const AT: f64 = 1e-9;
pub(super) const ROW_AT: f64 = 1e-8;

/// A pivot smaller than this beside the largest says that rows are dependent.
const PIVOT: f64 = 1e-9;

/// A cost that bends by less than this beside its size, over the range of its variable, is straight.
const STRAIGHT: f64 = 1e-11;

/// A pivot of S below 0 by less than this beside its largest entry is rounding.
const CONVEX: f64 = 1e-9;

/// A model whose costs bend, convex.
pub(in crate::opt) struct Problem<'a> {
    pub model: &'a Model,
    /// s_j: what the marginal cost of a variable rises by for each unit of it, where it bends by itself.
    pub slope: Vec<f64>,
    /// Variables that bend with others, in order, and S over them.
    pub joint: Vec<usize>,
    pub bend: DMatrix<f64>,
    /// Rows of every variable, with its coefficients.
    pub columns: Vec<Vec<(usize, f64)>>,
}

impl<'a> Problem<'a> {
    pub fn of(model: &'a Model) -> Result<Problem<'a>, Failure> {
        let refused = |why: &str| Err(Failure::Refused(format!("`{}` {why}", model.name())));
        if model.has_integers() || !model.cones().is_empty() {
            return refused("has integers or cones beside costs that bend");
        }
        let mut slope = vec![0.0; model.vars().len()];
        let mut is_joint = vec![false; slope.len()];
        for &(i, j, q) in model.quadratic_terms() {
            match i == j {
                true => slope[i.0] += 2.0 * q,
                false => (is_joint[i.0], is_joint[j.0]) = (true, true),
            }
        }
        let joint: Vec<usize> = (0..slope.len()).filter(|&j| is_joint[j]).collect();
        let bend = joint_bend(model, &joint, &mut slope);
        let largest = bend.iter().fold(0.0_f64, |s, a| s.max(a.abs()));
        let shift = DMatrix::from_diagonal_element(joint.len(), joint.len(), CONVEX * largest);
        let downward = slope.iter().any(|s| *s < 0.0);
        if downward || (largest > 0.0 && (&bend + shift).cholesky().is_none()) {
            return refused("has a cost that bends downward");
        }
        let costs = model.vars().iter().map(|column| column.cost.abs());
        let size = costs.fold(1.0, f64::max);
        for (slope, column) in slope.iter_mut().zip(model.vars()) {
            let range = column.upper - column.lower;
            if range.is_finite() && *slope * range <= STRAIGHT * size {
                *slope = 0.0;
            }
        }
        let mut columns = vec![Vec::new(); model.vars().len()];
        for (i, row) in model.rows().iter().enumerate() {
            for &(v, a) in &row.terms {
                columns[v.0].push((i, a));
            }
        }
        Ok(Problem {
            model,
            slope,
            joint,
            bend,
            columns,
        })
    }

    /// S d.
    pub fn bent(&self, d: &[f64]) -> Vec<f64> {
        let mut bent: Vec<f64> = self.slope.iter().zip(d).map(|(s, d)| s * d).collect();
        let mine = DVector::from_iterator(self.joint.len(), self.joint.iter().map(|&j| d[j]));
        let joint = &self.bend * mine;
        for (&j, value) in self.joint.iter().zip(&joint) {
            bent[j] += value;
        }
        bent
    }

    pub fn limits(&self, place: Place) -> (f64, f64) {
        match place {
            Place::Row(i) => limits(&self.model.rows()[i]),
            Place::Column(j) => bounds(&self.model.vars()[j]),
        }
    }

    pub fn row_value(&self, i: usize, x: &[f64]) -> f64 {
        dot(&self.model.rows()[i].terms, x)
    }
}

/// S over the variables that bend with others, whose own slope moves there.
fn joint_bend(model: &Model, joint: &[usize], slope: &mut [f64]) -> DMatrix<f64> {
    let mut place = vec![usize::MAX; slope.len()];
    let mut bend = DMatrix::zeros(joint.len(), joint.len());
    for (n, &j) in joint.iter().enumerate() {
        place[j] = n;
        bend[(n, n)] = std::mem::take(&mut slope[j]);
    }
    for &(i, j, q) in model.quadratic_terms().iter().filter(|(i, j, _)| i != j) {
        let (a, b) = (place[i.0], place[j.0]);
        bend[(a, b)] += q;
        bend[(b, a)] += q;
    }
    bend
}

/// A point, and what of it is held at a limit.
#[derive(Clone, Debug)]
pub(in crate::opt) struct Held {
    pub x: Vec<f64>,
    /// W, rows in order.
    pub rows: Vec<(usize, At)>,
    /// Where every variable is held; `None` for those of F.
    pub columns: Vec<Option<At>>,
}

/// The limit that a value stands at, within `near`.
pub(super) fn stands((lower, upper): (f64, f64), value: f64, near: f64) -> Option<At> {
    let at = |limit: f64| limit.is_finite() && (value - limit).abs() <= near;
    match (at(lower), at(upper)) {
        (true, _) => Some(At::Lower),
        (_, true) => Some(At::Upper),
        _ => None,
    }
}

impl Held {
    /// What is held at a vertex: every variable at a bound, and of the rows at a limit as many as are independent
    /// on the others.
    pub fn at(problem: &Problem, mut x: Vec<f64>) -> Result<Held, Failure> {
        let mut columns = Vec::with_capacity(x.len());
        for (j, x) in x.iter_mut().enumerate() {
            let pair = problem.limits(Place::Column(j));
            let at = stands(pair, *x, AT * x.abs().max(1.0));
            if let Some(at) = at {
                *x = at.of(pair);
            }
            columns.push(at);
        }
        let rows = (0..problem.model.rows().len()).filter_map(|i| {
            let pair = problem.limits(Place::Row(i));
            let terms = problem.model.rows()[i].terms.iter();
            let size = terms.fold(1.0_f64, |size, &(v, a)| size.max((a * x[v.0]).abs()));
            Some((i, stands(pair, problem.row_value(i, &x), ROW_AT * size)?))
        });
        let rows = rows.collect();
        let mut held = Held { x, rows, columns };
        held.keep_independent(problem);
        Ok(held)
    }

    /// These rows and variables at their limits, the others at 0.
    pub fn on(problem: &Problem, rows: Vec<(usize, At)>, columns: Vec<Option<At>>) -> Held {
        let places = columns.iter().enumerate();
        let x = places.map(|(j, at)| at.map_or(0.0, |at| at.of(problem.limits(Place::Column(j)))));
        Held {
            x: x.collect(),
            rows,
            columns,
        }
    }

    /// Variables of F.
    pub fn free(&self) -> impl Iterator<Item = usize> + '_ {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, at)| at.is_none()).map(|(j, _)| j)
    }

    /// Gauss with the largest pivot over the rows held and the variables of F, equations first.
    fn keep_independent(&mut self, problem: &Problem) {
        let mut place = vec![usize::MAX; self.columns.len()];
        let free: Vec<usize> = self.free().collect();
        for (n, &j) in free.iter().enumerate() {
            place[j] = n;
        }
        let dense = |&(i, _): &(usize, At)| {
            let mut row = vec![0.0; free.len()];
            for &(v, a) in &problem.model.rows()[i].terms {
                if place[v.0] != usize::MAX {
                    row[place[v.0]] = a;
                }
            }
            let largest = row.iter().fold(0.0_f64, |s, a| s.max(a.abs()));
            if largest > 0.0 {
                row.iter_mut().for_each(|a| *a /= largest);
            }
            row
        };
        let mut left: Vec<((usize, At), Vec<f64>)> =
            self.rows.iter().map(|row| (*row, dense(row))).collect();
        let mut kept = Vec::new();
        while kept.len() < free.len() {
            let equation = |i: usize| {
                let (lower, upper) = problem.limits(Place::Row(i));
                lower == upper
            };
            let largest = |row: &[f64]| row.iter().fold(0.0_f64, |s, a| s.max(a.abs()));
            let ranked = left.iter().enumerate();
            let ranked = ranked.map(|(n, ((i, _), row))| (n, equation(*i), largest(row)));
            let ranked = ranked.filter(|(.., size)| *size > PIVOT);
            let best = ranked.max_by(|a, b| a.1.cmp(&b.1).then(a.2.total_cmp(&b.2)));
            let Some((n, ..)) = best else { break };
            let (row, pivot) = left.swap_remove(n);
            kept.push(row);
            let at = (0..pivot.len()).max_by(|&a, &b| pivot[a].abs().total_cmp(&pivot[b].abs()));
            let Some(at) = at else { break };
            for (_, other) in &mut left {
                let factor = other[at] / pivot[at];
                if factor != 0.0 {
                    for (o, p) in other.iter_mut().zip(&pivot) {
                        *o -= factor * p;
                    }
                    other[at] = 0.0;
                }
            }
        }
        crate::sort::by(&mut kept, |a, b| a.0.cmp(&b.0));
        self.rows = kept;
    }

    pub fn hold(&mut self, problem: &Problem, place: Place, at: At) {
        match place {
            Place::Row(i) => {
                let to = self.rows.partition_point(|&(t, _)| t < i);
                self.rows.insert(to, (i, at));
            }
            Place::Column(j) => {
                self.columns[j] = Some(at);
                self.x[j] = at.of(problem.limits(place));
            }
        }
    }

    pub fn let_go(&mut self, place: Place) {
        match place {
            Place::Row(i) => self.rows.retain(|&(t, _)| t != i),
            Place::Column(j) => self.columns[j] = None,
        }
    }

    /// What is missing of the limit of every row held.
    pub fn missing(&self, problem: &Problem) -> Vec<f64> {
        let held = self.rows.iter();
        held.map(|&(i, at)| at.of(problem.limits(Place::Row(i))) - problem.row_value(i, &self.x))
            .collect()
    }

    /// z = g − Aᵀ y, 0 on F.
    pub fn reduced(&self, problem: &Problem, y: &[f64]) -> Vec<f64> {
        let mut z = problem.model.gradient(&self.x);
        self.less_priced(problem, y, &mut z);
        for (z, at) in z.iter_mut().zip(&self.columns) {
            if at.is_none() {
                *z = 0.0;
            }
        }
        z
    }

    /// Takes Aᵀ y from `z`.
    pub fn less_priced(&self, problem: &Problem, y: &[f64], z: &mut [f64]) {
        for (&(i, _), y) in self.rows.iter().zip(y) {
            for &(v, a) in &problem.model.rows()[i].terms {
                z[v.0] -= a * y;
            }
        }
    }

    /// Multipliers of all rows from those of the rows held.
    pub fn all_rows(&self, problem: &Problem, y: &[f64]) -> Vec<f64> {
        let mut all = vec![0.0; problem.model.rows().len()];
        for (&(i, _), &y) in self.rows.iter().zip(y) {
            all[i] = y;
        }
        all
    }
}

/// The equations of what is held, factored: with the variables c whose cost bends by itself eliminated,
///
/// ```text
/// ⎡ A_c S_c⁻¹ A_cᵀ   A_l ⎤ ⎡ y   ⎤   ⎡ r + A_c S_c⁻¹ h_c ⎤
/// ⎣ A_lᵀ            −S_l ⎦ ⎣ d_l ⎦ = ⎣ h_l               ⎦        d_c = S_c⁻¹ (A_cᵀ y − h_c)
/// ```
///
/// The others l have no slope, S_l = 0, or bend together.
pub(in crate::opt) struct Equations<'a> {
    problem: &'a Problem<'a>,
    /// Rows held, by place.
    rows: Vec<usize>,
    free: Vec<usize>,
    /// Variables of F without a slope of their own, by place.
    others: Vec<usize>,
    /// Coefficients of every variable of F in the rows held: (place, coefficient).
    coefficients: Vec<Vec<(usize, f64)>>,
    size: Vec<f64>,
    factor: Option<LU<f64, Dyn, Dyn>>,
}

impl<'a> Equations<'a> {
    /// # Errors
    /// Equations that are singular.
    pub fn of(problem: &'a Problem<'a>, held: &Held) -> Result<Equations<'a>, Failure> {
        let rows: Vec<usize> = held.rows.iter().map(|&(i, _)| i).collect();
        let mut place = vec![usize::MAX; problem.model.rows().len()];
        for (n, &i) in rows.iter().enumerate() {
            place[i] = n;
        }
        let free: Vec<usize> = held.free().collect();
        let coefficients = free.iter().map(|&j| {
            let all = problem.columns[j].iter();
            let held = all.filter(|(i, _)| place[*i] != usize::MAX);
            held.map(|&(i, a)| (place[i], a)).collect()
        });
        let coefficients: Vec<Vec<(usize, f64)>> = coefficients.collect();
        let others = (0..free.len()).filter(|&n| problem.slope[free[n]] == 0.0);
        let others: Vec<usize> = others.collect();
        let count = rows.len() + others.len();
        let mut matrix = DMatrix::<f64>::zeros(count, count);
        for (n, of) in coefficients.iter().enumerate() {
            let slope = problem.slope[free[n]];
            if slope > 0.0 {
                for &(a, by_a) in of {
                    for &(b, by_b) in of {
                        matrix[(a, b)] += by_a * by_b / slope;
                    }
                }
            }
        }
        for (n, &f) in others.iter().enumerate() {
            for &(row, a) in &coefficients[f] {
                matrix[(row, rows.len() + n)] = a;
                matrix[(rows.len() + n, row)] = a;
            }
        }
        let joint = others.iter().enumerate();
        let joint = joint.filter_map(|(n, &f)| {
            Some((rows.len() + n, problem.joint.binary_search(&free[f]).ok()?))
        });
        let joint: Vec<(usize, usize)> = joint.collect();
        for &(i, a) in &joint {
            for &(j, b) in &joint {
                matrix[(i, j)] = -problem.bend[(a, b)];
            }
        }
        let size = balance(&mut matrix, rows.len());
        let factor = (count > 0).then(|| matrix.lu());
        let regular = factor.as_ref().is_none_or(|factor| {
            let diagonal = factor.u().diagonal();
            let largest = diagonal.amax();
            diagonal.iter().all(|d| d.abs() > 1e-12 * largest)
        });
        let equations = Equations {
            problem,
            rows,
            free,
            others,
            coefficients,
            size,
            factor,
        };
        match regular {
            true => Ok(equations),
            false => Err(Failure::Numerics(format!(
                "the limits held in `{}` depend on one another",
                problem.model.name()
            ))),
        }
    }

    /// S_F d − A_WFᵀ y = −h and A_WF d = r: d by variable, y by row held. `h` is by variable.
    pub fn solve(&self, h: &[f64], r: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (mut d, mut y) = self.once(h, r);
        // Once more for what is left of both.
        let mut left_h = h.to_vec();
        let mut left_r = r.to_vec();
        let bent = self.problem.bent(&d);
        for (n, &j) in self.free.iter().enumerate() {
            let priced: f64 = self.coefficients[n].iter().map(|&(i, a)| a * y[i]).sum();
            left_h[j] += bent[j] - priced;
            for &(i, a) in &self.coefficients[n] {
                left_r[i] -= a * d[j];
            }
        }
        let (more_d, more_y) = self.once(&left_h, &left_r);
        d.iter_mut().zip(more_d).for_each(|(d, more)| *d += more);
        y.iter_mut().zip(more_y).for_each(|(y, more)| *y += more);
        (d, y)
    }

    fn once(&self, h: &[f64], r: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let held = self.rows.len();
        let mut right = vec![0.0; held + self.others.len()];
        right[..held].copy_from_slice(r);
        for (n, &j) in self.free.iter().enumerate() {
            let slope = self.problem.slope[j];
            if slope > 0.0 {
                for &(i, a) in &self.coefficients[n] {
                    right[i] += a * h[j] / slope;
                }
            }
        }
        for (n, &f) in self.others.iter().enumerate() {
            right[held + n] = h[self.free[f]];
        }
        right.iter_mut().zip(&self.size).for_each(|(b, s)| *b *= s);
        let mut found = DVector::from_vec(right);
        if let Some(factor) = &self.factor {
            factor.solve_mut(&mut found);
        }
        let found: Vec<f64> = found.iter().zip(&self.size).map(|(v, s)| v * s).collect();
        let (y, others) = found.split_at(held);
        let mut d = vec![0.0; self.problem.slope.len()];
        for (n, &j) in self.free.iter().enumerate() {
            let slope = self.problem.slope[j];
            if slope > 0.0 {
                let priced: f64 = self.coefficients[n].iter().map(|&(i, a)| a * y[i]).sum();
                d[j] = (priced - h[j]) / slope;
            }
        }
        for (&f, by) in self.others.iter().zip(others) {
            d[self.free[f]] = *by;
        }
        (d, y.to_vec())
    }
}

/// Scales rows and columns alike so that pivots compare; the factors.
fn balance(matrix: &mut DMatrix<f64>, held: usize) -> Vec<f64> {
    let count = matrix.nrows();
    let mut size = vec![1.0; count];
    let bends = |k: usize| matrix[(k, k)].abs();
    let most = (held..count).map(bends).fold(0.0, f64::max);
    for k in (held..count).filter(|&k| bends(k) > PIVOT * most) {
        size[k] = 1.0 / bends(k).sqrt();
    }
    for i in 0..held {
        let own = matrix[(i, i)].sqrt();
        let row = matrix.row(i);
        let terms = row.iter().zip(&size);
        let largest = terms.fold(0.0_f64, |most, (a, size)| most.max((a * size).abs()));
        size[i] = match own > 0.0 {
            true => 1.0 / own,
            false if largest > 0.0 => 1.0 / largest,
            false => 1.0,
        };
    }
    for k in (held..count).filter(|&k| bends(k) <= PIVOT * most) {
        let largest = (0..held).fold(0.0_f64, |s, i| s.max((matrix[(k, i)] * size[i]).abs()));
        size[k] = if largest > 0.0 { 1.0 / largest } else { 1.0 };
    }
    for i in 0..count {
        for k in 0..count {
            matrix[(i, k)] *= size[i] * size[k];
        }
    }
    size
}
