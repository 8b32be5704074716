//! A family of programs over a box: limits, bounds and costs affine in one or two parameters.
//!
//! ```text
//! minimise c(θ)ᵀ x + ½ Σ_j s_j x_j²   subject to   l(θ) ≤ A x ≤ u(θ)      c, l, u affine in θ = (x, y); A and
//!                                                                       s ≥ 0 the same everywhere
//! ```

use crate::opt::{Failure, Model, Row, Var};

/// Where the programs of a family are looked at, in shares of the sides of its box: three corners make it, the
/// others show whether it is affine. An output that is held between two ends, as a block of an offer is, leaves its
/// chord at one of two points at least.
pub const SAMPLES: [(f64, f64); 9] = [
    (0.0, 0.0),
    (1.0, 0.0),
    (0.0, 1.0),
    (1.0, 1.0),
    (0.4, 0.0),
    (0.7, 0.0),
    (0.0, 0.4),
    (0.0, 0.7),
    (0.6, 0.3),
];

/// Numbers of one program that differ by more than this beside their size are not the same.
const SAME: f64 = 1e-9;

/// Programs over a box.
pub struct Family {
    corners: [Model; 3],
    ranges: [(f64, f64); 2],
}

/// c + b·(θ − from).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Linear {
    pub from: (f64, f64),
    pub value: f64,
    /// Per unit of each parameter.
    pub by: (f64, f64),
}

impl Linear {
    /// Its value at a point.
    pub fn at(&self, (x, y): (f64, f64)) -> f64 {
        self.value + self.by.0 * (x - self.from.0) + self.by.1 * (y - self.from.1)
    }

    /// The sum with `factor` times another of the same family.
    pub fn plus(self, factor: f64, other: &Linear) -> Linear {
        Linear {
            from: self.from,
            value: self.value + factor * other.at(self.from),
            by: (
                self.by.0 + factor * other.by.0,
                self.by.1 + factor * other.by.1,
            ),
        }
    }
}

/// c + b·d + h_xx d_x² + h_xy d_x d_y + h_yy d_y² with d = θ − from: the cost where limits and costs move, or costs bend.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    pub linear: Linear,
    /// (h_xx, h_xy, h_yy); all 0 where costs are straight and only limits or only costs move.
    pub bent: (f64, f64, f64),
}

impl Cost {
    /// Its value at a point.
    pub fn at(&self, at: (f64, f64)) -> f64 {
        let (x, y) = (at.0 - self.linear.from.0, at.1 - self.linear.from.1);
        let (xx, xy, yy) = self.bent;
        self.linear.at(at) + xx * x * x + xy * x * y + yy * y * y
    }

    /// Its derivatives at a point.
    pub fn gradient(&self, at: (f64, f64)) -> (f64, f64) {
        let (x, y) = (at.0 - self.linear.from.0, at.1 - self.linear.from.1);
        let (xx, xy, yy) = self.bent;
        let (by_x, by_y) = self.linear.by;
        (by_x + 2.0 * xx * x + xy * y, by_y + xy * x + 2.0 * yy * y)
    }
}

impl Family {
    /// The family with these ranges of the parameters and the programs at [`SAMPLES`]. A second parameter that moves
    /// nothing makes it a family of one.
    ///
    /// # Errors
    /// A sentence: a range of no width, programs with cones, integers or costs of products, that differ by more than
    /// limits, bounds and costs, or whose numbers are not affine.
    pub fn of(ranges: [(f64, f64); 2], models: &[Model]) -> Result<Family, Failure> {
        let [base, by_x, by_y, others @ ..] = models else {
            return refused("a family takes a program at each of its samples".into());
        };
        let wide = |(from, to): (f64, f64)| from.is_finite() && to.is_finite() && from < to;
        if !ranges.into_iter().all(wide) || models.len() != SAMPLES.len() {
            return refused("a range goes from a number to a greater one".into());
        }
        for model in models {
            model.check()?;
            let mut bent = model.quadratic_terms().iter();
            if !model.cones().is_empty() || model.has_integers() || bent.any(|(i, j, _)| i != j) {
                return refused(format!(
                    "`{}` has integers, cones or costs of products",
                    model.name()
                ));
            }
            same_structure(base, model)?;
        }
        let family = Family {
            corners: [base.clone(), by_x.clone(), by_y.clone()],
            ranges,
        };
        for (model, share) in others.iter().zip(&SAMPLES[3..]) {
            same_numbers(&family.model(*share), model)?;
        }
        Ok(family)
    }

    pub(super) fn corners(&self) -> &[Model; 3] {
        &self.corners
    }

    /// A point of the box from shares of its sides.
    pub fn place(&self, (u, v): (f64, f64)) -> (f64, f64) {
        let [x, y] = self.ranges;
        (x.0 + u * (x.1 - x.0), y.0 + v * (y.1 - y.0))
    }

    /// The program at shares of the sides.
    pub fn model(&self, (u, v): (f64, f64)) -> Model {
        let [base, by_x, by_y] = &self.corners;
        let mix = |a: f64, b: f64, c: f64| match a.is_finite() {
            true => a + u * (b - a) + v * (c - a),
            false => a,
        };
        let mut model = base.clone();
        model.set_constant(mix(base.constant(), by_x.constant(), by_y.constant()));
        let columns = base.vars().iter().zip(by_x.vars()).zip(by_y.vars());
        for (j, ((a, b), c)) in columns.enumerate() {
            let lower = mix(a.lower, b.lower, c.lower);
            model.set_bounds(Var(j), lower, mix(a.upper, b.upper, c.upper).max(lower));
            model.set_cost(Var(j), mix(a.cost, b.cost, c.cost));
        }
        let rows = base.rows().iter().zip(by_x.rows()).zip(by_y.rows());
        for (i, ((a, b), c)) in rows.enumerate() {
            let lower = mix(a.lower, b.lower, c.lower);
            model.set_limits(Row(i), lower, mix(a.upper, b.upper, c.upper).max(lower));
        }
        model
    }

    /// What has these values at the corners (0, 0), (1, 0) and (0, 1).
    pub(super) fn linear(&self, [base, by_x, by_y]: [f64; 3]) -> Linear {
        let [x, y] = self.ranges;
        Linear {
            from: (x.0, y.0),
            value: base,
            by: ((by_x - base) / (x.1 - x.0), (by_y - base) / (y.1 - y.0)),
        }
    }

    /// Σ_j c_j x_j + ½ Σ_j s_j x_j² and the constant, from points and costs at the corners.
    pub(super) fn cost(&self, points: [&[f64]; 3]) -> Cost {
        let constants = self.corners.each_ref().map(|model| model.constant());
        let mut sum = Cost {
            linear: self.linear(constants),
            bent: (0.0, 0.0, 0.0),
        };
        for j in 0..self.corners[0].vars().len() {
            let price = self.linear(self.corners.each_ref().map(|model| model.vars()[j].cost));
            let amount = self.linear(points.map(|x| x[j]));
            let (c, x) = (price.by, amount.by);
            let linear = &mut sum.linear;
            linear.value += price.value * amount.value;
            linear.by.0 += price.value * x.0 + c.0 * amount.value;
            linear.by.1 += price.value * x.1 + c.1 * amount.value;
            sum.bent.0 += c.0 * x.0;
            sum.bent.1 += c.0 * x.1 + c.1 * x.0;
            sum.bent.2 += c.1 * x.1;
        }
        for &(j, _, q) in self.corners[0].quadratic_terms() {
            let amount = self.linear(points.map(|x| x[j.0]));
            let (at, x) = (amount.value, amount.by);
            sum.linear.value += q * at * at;
            sum.linear.by.0 += 2.0 * q * at * x.0;
            sum.linear.by.1 += 2.0 * q * at * x.1;
            sum.bent.0 += q * x.0 * x.0;
            sum.bent.1 += 2.0 * q * x.0 * x.1;
            sum.bent.2 += q * x.1 * x.1;
        }
        sum
    }
}

fn refused<T>(why: String) -> Result<T, Failure> {
    Err(Failure::Refused(why))
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= SAME * a.abs().max(b.abs()).max(1.0)
}

/// The same variables, rows and coefficients, and limits that are there in both or in none; none crossed.
fn same_structure(base: &Model, other: &Model) -> Result<(), Failure> {
    let counts = |model: &Model| (model.vars().len(), model.rows().len());
    if counts(base) != counts(other) {
        return refused(
            "the inputs change which limits there are: only values of limits, bounds and costs may move".into(),
        );
    }
    let there = |a: f64, b: f64| a == b || (a.is_finite() && b.is_finite());
    let limits = |name: &str, a: (f64, f64), b: (f64, f64)| match () {
        () if b.0 > b.1 => refused(format!(
            "the limits of `{name}` cross one another in the range: choose a narrower one"
        )),
        () if !there(a.0, b.0) || !there(a.1, b.1) => refused(format!(
            "a limit of `{name}` is there in one part of the range alone: choose a narrower one"
        )),
        () => Ok(()),
    };
    let bent = |model: &Model| -> Vec<f64> {
        let mut bent = vec![0.0; model.vars().len()];
        for &(j, _, q) in model.quadratic_terms() {
            bent[j.0] += q;
        }
        bent
    };
    let mut bends = bent(base).into_iter().zip(bent(other)).zip(base.vars());
    if let Some((_, column)) = bends.find(|((a, b), _)| !near(*a, *b)) {
        return refused(format!(
            "the inputs move how much the price of `{}` rises: regions are then no polygons",
            column.name
        ));
    }
    for (a, b) in base.vars().iter().zip(other.vars()) {
        if a.name != b.name {
            return refused(format!(
                "the inputs put `{}` in the place of `{}`: only values of limits, bounds and costs may move",
                b.name, a.name
            ));
        }
        limits(&a.name, (a.lower, a.upper), (b.lower, b.upper))?;
    }
    for (a, b) in base.rows().iter().zip(other.rows()) {
        let mut terms = a.terms.iter().zip(&b.terms);
        let same = |((v, a), (w, b)): (&(Var, f64), &(Var, f64))| v == w && near(*a, *b);
        if a.terms.len() != b.terms.len() || !terms.all(same) {
            return refused(format!(
                "the inputs move what the units do to `{}`, not its limit alone: regions of one basis are then no polygons",
                a.name
            ));
        }
        limits(&a.name, (a.lower, a.upper), (b.lower, b.upper))?;
    }
    Ok(())
}

/// What the family says of a point is what the program there has.
fn same_numbers(said: &Model, there: &Model) -> Result<(), Failure> {
    let bent = |name: &str| {
        refused(format!(
            "`{name}` does not move along a straight line with the inputs: choose a narrower range"
        ))
    };
    if !near(said.constant(), there.constant()) {
        return bent("constant cost");
    }
    for (a, b) in said.vars().iter().zip(there.vars()) {
        if !(near(a.lower, b.lower) && near(a.upper, b.upper) && near(a.cost, b.cost)) {
            return bent(&a.name);
        }
    }
    for (a, b) in said.rows().iter().zip(there.rows()) {
        if !(near(a.lower, b.lower) && near(a.upper, b.upper)) {
            return bent(&a.name);
        }
    }
    Ok(())
}
