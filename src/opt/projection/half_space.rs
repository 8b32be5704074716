//! One inequality Σ a_j x_j ≤ b together with the limits of the model it is the sum of.

use crate::opt::ids::{Row, Var};
use crate::opt::infeasible::Limit;
use crate::opt::model::Model;

/// A sum smaller than this beside the sum of its absolute parts is zero. Rounding leaves
/// some 1e-16 per addition: what is that small cannot be told from what has cancelled.
const ZERO: f64 = 1e-11;

/// Beside the size of its parts, a right-hand side within this of zero is zero: by how
/// much limits may cross and still hold together, and how thin a set counts as flat.
pub(super) const THIN: f64 = 1e-9;

/// Beside the size of its parts, what an eliminated coefficient may leave at the end;
/// beside the largest, a multiplier of a solver that is none.
pub(super) const NOISE: f64 = 1e-9;

/// Digits of a short number.
const DIGITS: i32 = 11;

/// One side of a row or variable as Σ a_j x_j ≤ b: a lower limit with both signs turned.
/// `None` for a side that is open, for a cone, and for what is not of the model.
pub fn half_space(model: &Model, limit: Limit) -> Option<(Vec<(Var, f64)>, f64)> {
    let turned = |terms: &[(Var, f64)]| terms.iter().map(|&(v, a)| (v, -a)).collect();
    let (terms, upper) = match limit {
        Limit::RowLower(i) => {
            let row = model.rows().get(i.0)?;
            (turned(&row.terms), -row.lower)
        }
        Limit::RowUpper(i) => {
            let row = model.rows().get(i.0)?;
            (row.terms.clone(), row.upper)
        }
        Limit::VarLower(j) => (vec![(j, -1.0)], -model.vars().get(j.0)?.lower),
        Limit::VarUpper(j) => (vec![(j, 1.0)], model.vars().get(j.0)?.upper),
        Limit::Cone(_) => return None,
    };
    upper.is_finite().then_some((terms, upper))
}

/// Σ multiplier × limit as the coefficients of all variables of the model and a right-hand
/// side: what the sources of a face add up to. `None` if one of them is no half-space.
pub fn combine(model: &Model, sources: &[(Limit, f64)]) -> Option<(Vec<f64>, f64)> {
    let mut sum = vec![0.0; model.vars().len()];
    let mut upper = 0.0;
    for &(limit, w) in sources {
        let (terms, b) = half_space(model, limit)?;
        for (var, a) in terms {
            *sum.get_mut(var.0)? += w * a;
        }
        upper += w * b;
    }
    Some((sum, upper))
}

/// The two sides of every row and variable by number: 2k is the upper and 2k + 1 the lower
/// limit of thing k, rows before variables.
pub(super) struct Limits<'a> {
    model: &'a Model,
}

impl<'a> Limits<'a> {
    pub fn of(model: &'a Model) -> Limits<'a> {
        Limits { model }
    }

    pub fn len(&self) -> usize {
        2 * (self.model.rows().len() + self.vars())
    }

    pub fn vars(&self) -> usize {
        self.model.vars().len()
    }

    fn limit(&self, k: usize) -> Limit {
        let (thing, rows) = (k / 2, self.model.rows().len());
        match (thing.checked_sub(rows), k.is_multiple_of(2)) {
            (None, true) => Limit::RowUpper(Row(thing)),
            (None, false) => Limit::RowLower(Row(thing)),
            (Some(j), true) => Limit::VarUpper(Var(j)),
            (Some(j), false) => Limit::VarLower(Var(j)),
        }
    }

    pub fn variable(&self, j: usize) -> String {
        let column = self.model.vars().get(j);
        column
            .map(|column| column.name.to_string())
            .unwrap_or_default()
    }

    /// Limit `k` in words.
    pub fn name(&self, k: usize) -> String {
        let row = |i: Row| self.model.rows().get(i.0).map_or("", |row| &row.name);
        match self.limit(k) {
            Limit::RowUpper(i) => format!("the upper limit of row `{}`", row(i)),
            Limit::RowLower(i) => format!("the lower limit of row `{}`", row(i)),
            Limit::VarUpper(j) => format!("the upper bound of `{}`", self.variable(j.0)),
            Limit::VarLower(j) => format!("the lower bound of `{}`", self.variable(j.0)),
            Limit::Cone(i) => format!("cone {i}"),
        }
    }

    /// The lower and the upper limit of side `k`'s row or variable.
    fn range(&self, k: usize) -> Option<(f64, f64)> {
        match self.limit(k) {
            Limit::RowUpper(i) | Limit::RowLower(i) => {
                let row = self.model.rows().get(i.0)?;
                Some((row.lower, row.upper))
            }
            Limit::VarUpper(j) | Limit::VarLower(j) => {
                let column = self.model.vars().get(j.0)?;
                Some((column.lower, column.upper))
            }
            Limit::Cone(_) => None,
        }
    }

    pub fn equal(&self, k: usize) -> bool {
        self.range(k).is_some_and(|(lower, upper)| lower == upper)
    }

    fn crossed(&self, k: usize) -> bool {
        self.range(k).is_some_and(|(lower, upper)| lower > upper)
    }

    pub fn half_space(&self, k: usize) -> Option<HalfSpace> {
        half_space(self.model, self.limit(k))?;
        Some(self.add_up(&[(k, 1.0)]).scaled())
    }

    /// The limits that `row` is the sum of, and how often. Where both sides of one row or
    /// variable take part, only what one has over the other: together they say `0 ≤ width`.
    /// Crossed limits stay, as that is a contradiction.
    pub fn sources(&self, row: &HalfSpace) -> Vec<(usize, f64)> {
        let largest = row.w.iter().fold(0.0_f64, |most, w| most.max(*w));
        let mut sources = Vec::new();
        for (thing, pair) in row.w.chunks_exact(2).enumerate() {
            let both = pair.iter().fold(f64::INFINITY, |least, w| least.min(*w));
            let idle = if both > 0.0 && !self.crossed(2 * thing) {
                both
            } else {
                0.0
            };
            let sides = pair.iter().enumerate();
            sources.extend(sides.map(|(side, w)| (2 * thing + side, w - idle)));
        }
        sources.retain(|&(_, w)| w > ZERO * largest);
        sources
    }

    pub fn named(&self, sources: Vec<(usize, f64)>) -> Vec<(Limit, f64)> {
        let named = sources.into_iter();
        named.map(|(k, w)| (self.limit(k), w)).collect()
    }

    /// Σ multiplier × limit, not scaled.
    pub fn add_up(&self, sources: &[(usize, f64)]) -> HalfSpace {
        let mut sum = HalfSpace {
            v: vec![0.0; self.vars() + 1],
            size: vec![0.0; self.vars() + 1],
            w: vec![0.0; self.len()],
        };
        for &(k, w) in sources {
            let Some((mut terms, upper)) = half_space(self.model, self.limit(k)) else {
                continue;
            };
            terms.push((Var(self.vars()), upper));
            for (var, a) in terms {
                if let (Some(v), Some(size)) = (sum.v.get_mut(var.0), sum.size.get_mut(var.0)) {
                    *v += w * a;
                    *size += (w * a).abs();
                }
            }
            if let Some(total) = sum.w.get_mut(k) {
                *total += w;
            }
        }
        sum
    }
}

/// An inequality in the middle of the elimination.
#[derive(Clone, Debug, Default)]
pub(super) struct HalfSpace {
    /// a_j by variable, then b.
    v: Vec<f64>,
    /// Beside each entry of `v` the sum of the absolute parts it is the sum of.
    size: Vec<f64>,
    /// Multiplier ≥ 0 of each limit.
    w: Vec<f64>,
}

impl HalfSpace {
    /// Σ factor × part with factors ≥ 0, without variable `gone`, which they cancel.
    pub fn sum(parts: &[(&HalfSpace, f64)], gone: Option<usize>) -> HalfSpace {
        let mut sum = HalfSpace::default();
        for &(part, factor) in parts {
            for (total, list) in [
                (&mut sum.v, &part.v),
                (&mut sum.size, &part.size),
                (&mut sum.w, &part.w),
            ] {
                if total.is_empty() {
                    total.extend(list.iter().map(|entry| factor * entry));
                } else {
                    for (total, entry) in total.iter_mut().zip(list) {
                        *total += factor * entry;
                    }
                }
            }
        }
        if let Some(entry) = gone.and_then(|j| sum.v.get_mut(j)) {
            *entry = 0.0;
        }
        for (entry, size) in sum.v.iter_mut().zip(&mut sum.size) {
            if entry.abs() <= ZERO * *size {
                (*entry, *size) = (0.0, 0.0);
            }
        }
        sum.scaled()
    }

    /// Times the power of two that brings the largest coefficient into [1, 2).
    fn scaled(mut self) -> HalfSpace {
        let exponent = (self.largest().to_bits() >> 52) as i32 - 1023;
        if exponent == 0 || !(-900..900).contains(&exponent) {
            return self;
        }
        let scale = f64::from_bits(((1023 - exponent) as u64) << 52);
        for list in [&mut self.v, &mut self.size, &mut self.w] {
            list.iter_mut().for_each(|entry| *entry *= scale);
        }
        self
    }

    /// Number of variables.
    pub fn vars(&self) -> usize {
        self.v.len().saturating_sub(1)
    }

    pub fn a(&self, j: usize) -> f64 {
        self.v.get(j).copied().unwrap_or(0.0)
    }

    pub fn b(&self) -> f64 {
        self.v.last().copied().unwrap_or(0.0)
    }

    /// The sum of the absolute parts of b.
    pub fn b_size(&self) -> f64 {
        self.size.last().copied().unwrap_or(0.0)
    }

    /// Largest |a_j|.
    pub fn largest(&self) -> f64 {
        let coefficients = self.v.iter().take(self.vars());
        coefficients.fold(0.0, |most: f64, a| most.max(a.abs()))
    }

    pub fn is_constant(&self) -> bool {
        self.largest() == 0.0
    }

    /// As a row without variables: 0 ≤ b with b < 0.
    pub fn contradicts(&self) -> bool {
        self.b() < -THIN * self.b_size()
    }

    /// Whether all coefficients but those of `columns` are nothing beside their parts.
    pub fn vanishes_but(&self, columns: &[usize], tolerance: f64) -> bool {
        let coefficients = self.v.iter().zip(&self.size).take(self.vars());
        let mut others = coefficients
            .enumerate()
            .filter(|(j, _)| !columns.contains(j));
        others.all(|(_, (a, size))| a.abs() <= tolerance * size)
    }

    /// Only the variables of `columns`, in that order.
    pub fn narrowed(&self, columns: &[usize]) -> HalfSpace {
        let pick = |list: &[f64]| -> Vec<f64> {
            let entries = columns.iter().map(|&j| list.get(j));
            let entries = entries.chain([list.last()]);
            entries.map(|entry| entry.copied().unwrap_or(0.0)).collect()
        };
        HalfSpace {
            v: pick(&self.v),
            size: pick(&self.size),
            w: self.w.clone(),
        }
    }
}

/// `value` as the short number it is closer to than rounding errors are; zero where it is
/// nothing beside `size`.
pub(super) fn clean(value: f64, size: f64) -> f64 {
    let size = size.abs().max(value.abs());
    if value.abs() <= ZERO * size {
        return 0.0;
    }
    let mut digits = DIGITS;
    let mut power = 1.0;
    while power <= size && digits > 0 {
        power *= 10.0;
        digits -= 1;
    }
    let ten = 10_f64.powi(digits);
    let short = (value * ten).round() / ten;
    if (short - value).abs() <= 1e-13 * size {
        short
    } else {
        value
    }
}
