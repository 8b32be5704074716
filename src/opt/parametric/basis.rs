//! One basis of a linear program: which rows are at a limit, and which variables that leaves to be solved for.
//!
//! With T the rows held at a limit and M as many variables, the others at a bound,
//!
//! ```text
//! x_M = A_TM⁻¹ (b_T − A_TN x_N)        y_T = A_TM⁻ᵀ c_M        z = c − Aᵀ y
//! ```
//!
//! T is as small as the number of limits that bind: a dispatch of thousands of blocks and lines is an equation in
//! a dozen unknowns.

use super::super::at::{At, NEAR, Place, bounds, limits};
use super::super::model::{Model, dot};
use super::super::quadratic;
use nalgebra::{DMatrix, DVector, Dyn, LU};

/// A multiplier larger than this beside the largest is a price.
pub(super) const PRICED: f64 = 1e-7;

/// A change of the leaving quantity smaller than this beside the largest is none.
pub(super) const PIVOT: f64 = 1e-9;

/// Rows at a limit, and the variables solved for: as many, or more of them where costs bend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Basis {
    /// T, in order of the rows.
    pub rows: Vec<(usize, At)>,
    /// Where every variable stands; `None` for those of M.
    pub columns: Vec<Option<At>>,
}

/// What a basis answers to a model.
pub(super) struct Answer {
    pub x: Vec<f64>,
    /// Of every row.
    pub y: Vec<f64>,
    pub z: Vec<f64>,
    /// Values of the rows.
    pub rows: Vec<f64>,
}

/// A combination of rows that falls short of what is asked of a row or a variable, whatever the point:
///
/// ```text
/// v = Σ_t w_t s_t + Σ_j (e_j − Σ_t w_t a_tj) x_j        e = coefficients of v
/// ```
///
/// where the values s_t of rows and x_j of variables are within their limits.
#[derive(Clone, Debug)]
pub struct Contradiction {
    place: Place,
    at: At,
    weights: Vec<(usize, f64)>,
}

impl Contradiction {
    /// Whether no point of a model meets its limits.
    pub(super) fn holds(&self, model: &Model) -> bool {
        self.short(model).is_some_and(|(by, size)| by > NEAR * size)
    }

    /// The limits it is of: what is asked, and the rows that fall short of it.
    pub(super) fn place(&self) -> (Place, At) {
        (self.place, self.at)
    }

    /// The rows that fall short, with their weights.
    pub(super) fn weights(&self) -> &[(usize, f64)] {
        &self.weights
    }

    /// By how much the most there is falls short of what is asked, and the size of both; affine in the limits.
    /// `None` for a model of another make.
    pub(super) fn short(&self, model: &Model) -> Option<(f64, f64)> {
        let way = self.at.way();
        let left = self.left(model)?;
        let asked = match self.place {
            Place::Row(i) => limits(model.rows().get(i)?),
            Place::Column(j) => bounds(model.vars().get(j)?),
        };
        let asked = way * self.at.of(asked);
        let (mut most, mut size) = (0.0, asked.abs().max(1.0));
        let mut add = |weight: f64, (lower, upper): (f64, f64)| {
            if weight != 0.0 {
                let part = (way * weight * lower).max(way * weight * upper);
                most += part;
                size += part.abs();
            }
        };
        for &(i, weight) in &self.weights {
            add(weight, limits(model.rows().get(i)?));
        }
        for (column, &weight) in model.vars().iter().zip(&left) {
            add(weight, bounds(column));
        }
        Some((asked - most, size))
    }

    /// The coefficients e_j − Σ_t w_t a_tj of the variables, 0 where they cancel but for rounding.
    pub(super) fn left(&self, model: &Model) -> Option<Vec<f64>> {
        let mut left = vec![0.0; model.vars().len()];
        let mut scale = vec![1.0_f64; left.len()];
        match self.place {
            Place::Row(i) => {
                for &(v, a) in &model.rows().get(i)?.terms {
                    left[v.0] = a;
                }
            }
            Place::Column(j) => *left.get_mut(j)? = 1.0,
        }
        for &(i, weight) in &self.weights {
            for &(v, a) in &model.rows().get(i)?.terms {
                left[v.0] -= weight * a;
                scale[v.0] = scale[v.0].max((weight * a).abs());
            }
        }
        for (a, scale) in left.iter_mut().zip(scale) {
            if a.abs() <= PIVOT * scale {
                *a = 0.0;
            }
        }
        Some(left)
    }
}

/// Where a pivot leads.
pub(super) enum Pivot {
    To(Basis),
    /// Nowhere: no point meets the limits.
    None(Contradiction),
}

/// The basis with its equations factored.
pub(super) struct Factored<'a> {
    model: &'a Model,
    basis: &'a Basis,
    /// M, in order of the variables.
    solved: Vec<usize>,
    factor: Option<LU<f64, Dyn, Dyn>>,
}

impl Basis {
    /// No row at a limit, every variable at the bound that its cost asks for; `None` where a cost asks for one that
    /// is not there.
    pub fn slack(model: &Model) -> Option<Basis> {
        let columns = model.vars().iter().map(|column| {
            let (lower, upper) = bounds(column);
            match column.cost {
                cost if cost > 0.0 && lower.is_finite() => Some(At::Lower),
                cost if cost < 0.0 && upper.is_finite() => Some(At::Upper),
                0.0 if lower.is_finite() => Some(At::Lower),
                0.0 if upper.is_finite() => Some(At::Upper),
                _ => None,
            }
        });
        Some(Basis {
            rows: Vec::new(),
            columns: columns.map(|at| at.map(Some)).collect::<Option<_>>()?,
        })
    }

    /// Whether the model has rows and variables as many as it speaks of, and the limits that are held.
    pub(super) fn fits(&self, model: &Model) -> bool {
        let mut columns = model.vars().iter().zip(&self.columns);
        self.columns.len() == model.vars().len()
            && self.rows.iter().all(|&(i, at)| {
                let row = model.rows().get(i);
                row.is_some_and(|row| at.of(limits(row)).is_finite())
            })
            && columns.all(|(column, at)| at.is_none_or(|at| at.of(bounds(column)).is_finite()))
    }

    /// Its point and multipliers in a model, with costs that bend the least on what is held ([`quadratic`]); `None`
    /// where its equations are singular.
    pub(super) fn answer(&self, model: &Model) -> Option<Answer> {
        if model.quadratic_terms().is_empty() {
            return self.factored(model)?.answer();
        }
        let (x, y, z) = quadratic::on(model, &self.rows, &self.columns)?;
        let rows = model.rows().iter().map(|row| dot(&row.terms, &x));
        Some(Answer {
            rows: rows.collect(),
            x,
            y,
            z,
        })
    }

    /// The same basis with every limit on the side that its multiplier asks for: only costs that changed turn any.
    /// `None` where that side has no limit.
    pub(super) fn turned(&self, model: &Model) -> Option<Basis> {
        let answer = self.answer(model)?;
        let mut turned = self.clone();
        let side = |at: At, pair: (f64, f64), multiplier: f64| -> Option<At> {
            match at.sign(pair) * multiplier < 0.0 {
                false => Some(at),
                true if at == At::Lower => pair.1.is_finite().then_some(At::Upper),
                true => pair.0.is_finite().then_some(At::Lower),
            }
        };
        for (i, at) in &mut turned.rows {
            *at = side(*at, limits(&model.rows()[*i]), answer.y[*i])?;
        }
        let columns = turned.columns.iter_mut().zip(model.vars());
        for ((at, column), &z) in columns.zip(&answer.z) {
            if let Some(at) = at {
                *at = side(*at, bounds(column), z)?;
            }
        }
        Some(turned)
    }

    /// Its equations; `None` where they are singular.
    pub(super) fn factored<'a>(&'a self, model: &'a Model) -> Option<Factored<'a>> {
        let solved: Vec<usize> = (0..self.columns.len())
            .filter(|&j| self.columns[j].is_none())
            .collect();
        let k = solved.len();
        if k != self.rows.len() {
            return None;
        }
        let mut place = vec![usize::MAX; self.columns.len()];
        for (n, &j) in solved.iter().enumerate() {
            place[j] = n;
        }
        let mut matrix = DMatrix::zeros(k, k);
        for (t, &(i, _)) in self.rows.iter().enumerate() {
            for &(v, a) in &model.rows()[i].terms {
                if place[v.0] != usize::MAX {
                    matrix[(t, place[v.0])] = a;
                }
            }
        }
        let factor = (k > 0).then(|| matrix.lu());
        let regular = factor.as_ref().is_none_or(|f| {
            let u = f.u();
            let diagonal = u.diagonal();
            let largest = diagonal.amax();
            diagonal.iter().all(|d| d.abs() > 1e-11 * largest)
        });
        regular.then_some(Factored {
            model,
            basis: self,
            solved,
            factor,
        })
    }
}

impl Factored<'_> {
    pub(super) fn model(&self) -> &Model {
        self.model
    }

    /// How the variables move with the limits of the rows, per unit of `along`.
    pub(super) fn moved(&self, along: &[f64]) -> Option<Vec<f64>> {
        let held = self.basis.rows.iter();
        let mut moves = vec![0.0; self.model.vars().len()];
        let solved = self.solve(held.map(|&(i, _)| along[i]).collect())?;
        for (&j, by) in self.solved.iter().zip(solved) {
            moves[j] = by;
        }
        Some(moves)
    }

    /// M, in order of the variables.
    pub(super) fn solved(&self) -> &[usize] {
        &self.solved
    }

    /// A_TM⁻¹ b.
    pub(super) fn solve(&self, b: Vec<f64>) -> Option<Vec<f64>> {
        match &self.factor {
            None => Some(b),
            Some(factor) => Some(factor.solve(&DVector::from_vec(b))?.as_slice().to_vec()),
        }
    }

    /// A_TM⁻ᵀ b.
    fn solve_transposed(&self, b: Vec<f64>) -> Option<Vec<f64>> {
        let Some(factor) = &self.factor else {
            return Some(b);
        };
        // P A = L U, so that Aᵀ y = b is Uᵀ Lᵀ P y = b.
        let mut b = DVector::from_vec(b);
        let (l, u) = (factor.l(), factor.u());
        b = u.tr_solve_upper_triangular(&b)?;
        b = l.tr_solve_lower_triangular(&b)?;
        factor.p().inv_permute_rows(&mut b);
        Some(b.as_slice().to_vec())
    }

    /// The point and the multipliers of this basis.
    pub(super) fn answer(&self) -> Option<Answer> {
        let (model, basis) = (self.model, self.basis);
        let columns = model.vars().iter().zip(&basis.columns);
        let mut x: Vec<f64> = columns
            .map(|(column, at)| at.map_or(0.0, |at| at.of(bounds(column))))
            .collect();
        let held = basis.rows.iter();
        let right = held.map(|&(i, at)| {
            let row = &model.rows()[i];
            at.of(limits(row)) - dot(&row.terms, &x)
        });
        for (&j, value) in self.solved.iter().zip(self.solve(right.collect())?) {
            x[j] = value;
        }
        if !x.iter().all(|x| x.is_finite()) {
            return None;
        }
        let costs = self.solved.iter().map(|&j| model.vars()[j].cost).collect();
        let mut y = vec![0.0; model.rows().len()];
        let mut z: Vec<f64> = model.vars().iter().map(|column| column.cost).collect();
        for (&(i, _), price) in basis.rows.iter().zip(self.solve_transposed(costs)?) {
            y[i] = price;
            for &(v, a) in &model.rows()[i].terms {
                z[v.0] -= a * price;
            }
        }
        for &j in &self.solved {
            z[j] = 0.0;
        }
        let rows = model.rows().iter().map(|row| dot(&row.terms, &x));
        Some(Answer {
            rows: rows.collect(),
            x,
            y,
            z,
        })
    }

    /// How one of the quantities solved for moves with each of those held: with the limit of every row of T, then
    /// with every variable at a bound, 0 for the others.
    fn moves(&self, place: Place) -> Option<(Vec<f64>, Vec<f64>)> {
        let model = self.model;
        let mut unit = vec![0.0; self.solved.len()];
        let mut by_column = vec![0.0; model.vars().len()];
        match place {
            Place::Column(j) => unit[self.solved.binary_search(&j).ok()?] = 1.0,
            Place::Row(i) => {
                for &(v, a) in &model.rows()[i].terms {
                    match self.solved.binary_search(&v.0) {
                        Ok(n) => unit[n] = a,
                        Err(_) => by_column[v.0] = a,
                    }
                }
            }
        }
        let by_row = self.solve_transposed(unit)?;
        for (&(i, _), w) in self.basis.rows.iter().zip(&by_row) {
            for &(v, a) in &model.rows()[i].terms {
                by_column[v.0] -= w * a;
            }
        }
        for &j in &self.solved {
            by_column[j] = 0.0;
        }
        Some((by_row, by_column))
    }

    /// The basis after `place`, which is beyond its limit `at`, is held there: what is solved for in its stead is what
    /// loses its price first. `None` where the equations are singular.
    pub(super) fn pivoted(&self, answer: &Answer, place: Place, at: At) -> Option<Pivot> {
        let (model, basis) = (self.model, self.basis);
        let way = at.way();
        let (by_row, by_column) = self.moves(place)?;
        let size = by_row.iter().chain(&by_column);
        let small = PIVOT * size.fold(0.0_f64, |size, a| size.max(a.abs()));
        let mut best: Option<(f64, f64, Place)> = None;
        let mut see = |other: Place, sign: f64, multiplier: f64, moves: f64| {
            // At its lower limit it can rise, at its upper fall; a limit that is both cannot move.
            if sign * way * moves > small {
                let ratio = (sign * multiplier).max(0.0) / moves.abs();
                let better = best.is_none_or(|(least, pivot, _)| {
                    let tie = 1e-12 * (1.0 + least);
                    ratio < least - tie || (ratio <= least + tie && moves.abs() > pivot)
                });
                if better {
                    best = Some((ratio, moves.abs(), other));
                }
            }
        };
        for (&(i, at), &moves) in basis.rows.iter().zip(&by_row) {
            let sign = at.sign(limits(&model.rows()[i]));
            see(Place::Row(i), sign, answer.y[i], moves);
        }
        for (j, (column, &moves)) in model.vars().iter().zip(&by_column).enumerate() {
            if let Some(at) = basis.columns[j] {
                see(
                    Place::Column(j),
                    at.sign(bounds(column)),
                    answer.z[j],
                    moves,
                );
            }
        }
        let Some((_, _, entering)) = best else {
            let rows = basis.rows.iter().zip(by_row);
            let weights = rows.filter(|(_, moves)| moves.abs() > small);
            return Some(Pivot::None(Contradiction {
                place,
                at,
                weights: weights.map(|(&(i, _), moves)| (i, moves)).collect(),
            }));
        };
        let mut next = basis.clone();
        match entering {
            Place::Row(i) => next.rows.retain(|&(t, _)| t != i),
            Place::Column(j) => next.columns[j] = None,
        }
        match place {
            Place::Row(i) => {
                let to = next.rows.partition_point(|&(t, _)| t < i);
                next.rows.insert(to, (i, at));
            }
            Place::Column(j) => next.columns[j] = Some(at),
        }
        Some(Pivot::To(next))
    }
}

impl Answer {
    /// What is furthest beyond a limit, relative to its size, and which limit that is.
    pub(super) fn furthest(&self, model: &Model) -> Option<(Place, At)> {
        let mut worst = (NEAR, None);
        let mut see = |place: Place, value: f64, (lower, upper): (f64, f64)| {
            for (at, by, limit) in [
                (At::Lower, lower - value, lower),
                (At::Upper, value - upper, upper),
            ] {
                let by = by / limit.abs().max(1.0);
                if by > worst.0 {
                    worst = (by, Some((place, at)));
                }
            }
        };
        for (i, (row, &value)) in model.rows().iter().zip(&self.rows).enumerate() {
            see(Place::Row(i), value, limits(row));
        }
        for (j, (column, &x)) in model.vars().iter().zip(&self.x).enumerate() {
            see(Place::Column(j), x, bounds(column));
        }
        worst.1
    }

    /// How far what is solved for is from its limits, relative to their size.
    pub(super) fn room(&self, model: &Model) -> f64 {
        let room = |value: f64, (lower, upper): (f64, f64)| {
            let of = |room: f64, limit: f64| room / limit.abs().max(1.0);
            of(value - lower, lower).min(of(upper - value, upper))
        };
        let rows = model.rows().iter().zip(&self.rows).zip(&self.y);
        let rows = rows
            .filter(|(_, y)| **y == 0.0)
            .map(|((row, &value), _)| room(value, limits(row)));
        let columns = model.vars().iter().zip(&self.x).zip(&self.z);
        let columns = columns
            .filter(|(_, z)| **z == 0.0)
            .map(|((column, &x), _)| room(x, bounds(column)));
        rows.chain(columns).fold(f64::INFINITY, f64::min)
    }

    /// Whether everything held at a limit has a price, so that every other point costs more.
    pub(super) fn is_alone(&self, model: &Model, basis: &Basis) -> bool {
        let size = |values: &[f64]| values.iter().fold(1.0_f64, |size, v| size.max(v.abs()));
        let (y_size, z_size) = (PRICED * size(&self.y), PRICED * size(&self.z));
        let mut rows = basis.rows.iter();
        let mut columns = basis.columns.iter().zip(model.vars()).zip(&self.z);
        rows.all(|&(i, at)| at.sign(limits(&model.rows()[i])) == 0.0 || self.y[i].abs() > y_size)
            && columns.all(|((at, column), z)| {
                at.is_none_or(|at| at.sign(bounds(column)) == 0.0 || z.abs() > z_size)
            })
    }

    /// Whether a multiplier says that letting go of a limit would save.
    pub(super) fn is_cheapest(&self, model: &Model, basis: &Basis) -> bool {
        let size = |values: &[f64]| values.iter().fold(1.0_f64, |size, v| size.max(v.abs()));
        let (y_size, z_size) = (NEAR * size(&self.y), NEAR * size(&self.z));
        let mut rows = basis.rows.iter();
        let mut columns = basis.columns.iter().enumerate();
        rows.all(|&(i, at)| at.sign(limits(&model.rows()[i])) * self.y[i] >= -y_size)
            && columns.all(|(j, at)| {
                at.is_none_or(|at| at.sign(bounds(&model.vars()[j])) * self.z[j] >= -z_size)
            })
    }
}
