//! The shadow of a feasible set on some of its variables, with the limits behind each face.
//!
//! ```text
//! set       S = { (x, y) : rows and bounds of a model }       x kept, y not
//! shadow    T = { x : some y has (x, y) in S }
//! face      Σ_j a_j x_j ≤ b,   equal to   Σ_k w_k · (limit k),   w ≥ 0
//! ```
//!
//! Limit k is one side of a row or a bound written with ≤, a lower limit with both signs
//! turned: [`half_space`]. The sum cancels every y, so it holds for the shadow; and anyone
//! can add it up again ([`combine`]). An equality takes part with whichever of its sides
//! has the sign that is needed, so no multiplier is ever negative.
//!
//! # Steps
//!
//! 1. Gaussian elimination: every equality gives one variable, those not kept first.
//! 2. One linear program finds multipliers y ≥ 0, Σ y = 1, of the inequalities with
//!    Σ y_k a_k = 0 and least Σ y_k b_k. Below zero, the set is empty and y is the proof.
//!    At zero, the limits with y_k > 0 are equalities in disguise (a bound from above that
//!    meets a sum of others from below): one of them goes back to step 1. Above zero, what
//!    is left has an interior, and so have all its shadows.
//! 3. Inequalities of more than one variable that the others imply are left out, by a
//!    linear program each: a row that cannot bind costs nothing further.
//! 4. Fourier-Motzkin elimination of the other variables, which adds up no two rows whose
//!    sum other sums imply: see [`elimination`]. Of the variables left, always the one that
//!    makes the fewest pairs.
//! 5. Of parallel rows the tightest, and of those the ones the others do not imply: in the
//!    plane by cutting each line with all others, elsewhere by linear programs. With an
//!    interior the faces are unique.
//! 6. Every face is added up from its limits anew; where the eliminated variables do not
//!    cancel, the answer is a refusal.
//!
//! The faces of variables with bounds, some equalities and one two-sided row grow with the
//! number of variables; each further two-sided row that can bind multiplies them by it.
//!
//! # Numbers
//!
//! Rows are scaled by powers of two, which rounds nothing. A coefficient within 1e-11 of
//! the absolute parts it is the sum of has cancelled and is zero. A result within 1e-13 of
//! a number of 11 digits is that number: 6 comes out as 6. Limits that contradict each
//! other by less than 1e-9 of their size hold together, and a set that thin is flat.

pub mod elimination;
mod half_space;
mod plane;
mod redundancy;
mod system;

use super::ids::Var;
use super::infeasible::Limit;
use super::model::Model;
use crate::opt::Failure;
use elimination::Elimination;
use half_space::{HalfSpace, Limits, NOISE, clean};
use system::System;

pub use half_space::{combine, half_space};
pub use plane::{Corner, corners_2d};

/// A limit of rows that keeps a projection within seconds.
pub const ROW_LIMIT: usize = 5_000;

/// Σ a_j x_j ≤ upper, the sum of `sources`: each limit times a multiplier > 0.
///
/// The largest |a_j| is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    pub terms: Vec<(Var, f64)>,
    pub upper: f64,
    pub sources: Vec<(Limit, f64)>,
}

/// A hyperplane that holds the whole shadow.
#[derive(Clone, Debug, PartialEq)]
pub struct Equality {
    /// Σ a_j x_j ≤ b
    pub at_most: Face,
    /// Σ −a_j x_j ≤ −b
    pub at_least: Face,
}

/// The shadow on `keep`: all `x` that meet the faces and the equalities.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    pub keep: Vec<Var>,
    /// No face follows from the others. Of two kept variables without equalities they stand
    /// counter-clockwise: face k leads from corner k to corner k + 1 of [`corners_2d`].
    pub faces: Vec<Face>,
    /// Each was solved for one variable, which occurs in no other and in no face.
    pub equalities: Vec<Equality>,
    /// Most rows held at once: what the projection cost.
    pub most_rows: usize,
}

impl Projection {
    /// By how much the point with coordinates `at`, in the order of `keep`, misses the face
    /// or equality it misses most; not above 0 within the shadow. NaN where `at` is short.
    pub fn violation(&self, at: &[f64]) -> f64 {
        let equalities = self.equalities.iter();
        let planes = equalities.flat_map(|e| [&e.at_most, &e.at_least]);
        let value = |var: Var| {
            let place = self.keep.iter().position(|&kept| kept == var);
            place.and_then(|k| at.get(k)).copied().unwrap_or(f64::NAN)
        };
        let over = self.faces.iter().chain(planes).map(|face| {
            let sum: f64 = face.terms.iter().map(|&(v, a)| a * value(v)).sum();
            sum - face.upper
        });
        over.fold(f64::NEG_INFINITY, |most, over| {
            if over > most || over.is_nan() {
                over
            } else {
                most
            }
        })
    }
}

impl Failure {
    /// `row` is the contradiction 0 ≤ b < 0.
    fn empty(row: &HalfSpace, limits: &Limits) -> Failure {
        let mut sources = limits.sources(row);
        let largest = sources.iter().fold(0.0_f64, |most, (_, w)| most.max(*w));
        for (_, w) in &mut sources {
            *w = clean(*w / largest, 1.0);
        }
        let sum = limits.add_up(&sources);
        Failure::Empty {
            names: sources.iter().map(|&(k, _)| limits.name(k)).collect(),
            by: clean(-sum.b(), sum.b_size()),
            sources: limits.named(sources),
        }
    }
}

/// The shadow of the rows and bounds of `model` on the variables `keep`; costs are ignored.
/// No step of the elimination may leave more than `row_limit` rows ([`ROW_LIMIT`]).
///
/// # Errors
/// [`Failure`]: the set is empty, the elimination grows too large, or the model has
/// integers or cones, is malformed, or defeats the arithmetic.
pub fn project(model: &Model, keep: &[Var], row_limit: usize) -> Result<Projection, Failure> {
    refuse(model, keep)?;
    let limits = Limits::of(model);
    let mut system = System::new(&limits, keep);
    system.settle(&limits)?;
    let (rows, most_rows) = eliminate(&system, &limits, keep, row_limit)?;

    let given: Vec<usize> = system.solved.iter().map(|&(j, _)| j).collect();
    let free: Vec<usize> = keep
        .iter()
        .map(|v| v.0)
        .filter(|j| !given.contains(j))
        .collect();
    let place: Vec<usize> = (0..free.len()).collect();
    let rows = redundancy::needed(rows, &place);
    let mut projection = Projection {
        keep: keep.to_vec(),
        faces: Vec::with_capacity(rows.len()),
        equalities: Vec::with_capacity(given.len()),
        most_rows,
    };
    for row in &rows {
        projection.faces.push(limits.face(row, &free, None)?);
    }
    for (j, equality) in &system.solved {
        let mut columns = free.clone();
        columns.push(*j);
        projection.equalities.push(Equality {
            at_most: limits.face(&equality.at_most, &columns, Some(*j))?,
            at_least: limits.face(&equality.at_least, &columns, Some(*j))?,
        });
    }
    plane::sort_faces(&mut projection);
    Ok(projection)
}

fn refuse(model: &Model, keep: &[Var]) -> Result<(), Failure> {
    let refused = |why: String| Err(Failure::Refused(why));
    model.check()?;
    if let Some(column) = model.vars().iter().find(|column| column.integer) {
        return refused(format!(
            "`{}` takes whole numbers only and the shadow of such a set has no faces; fix it or let it vary",
            column.name
        ));
    }
    if let Some(cone) = model.cones().first() {
        return refused(format!(
            "cone `{}` has no faces to project; replace it by linear rows",
            cone.name
        ));
    }
    for (k, var) in keep.iter().enumerate() {
        let Some(column) = model.vars().get(var.0) else {
            return refused(format!(
                "variable {} to keep is not one of the model's {}",
                var.0,
                model.vars().len()
            ));
        };
        if keep.iter().take(k).any(|other| other == var) {
            return refused(format!("variable `{}` is to be kept twice", column.name));
        }
    }
    Ok(())
}

/// Eliminates from the inequalities all variables but the kept ones that no equality gives;
/// the rows that come back have those alone, in the order of `keep`. With them, the most
/// rows there were.
fn eliminate(
    system: &System,
    limits: &Limits,
    keep: &[Var],
    row_limit: usize,
) -> Result<(Vec<HalfSpace>, usize), Failure> {
    let is_kept = |j: &usize| keep.iter().any(|v| v.0 == *j);
    let given = |j: &usize| system.solved.iter().any(|(solved, _)| solved == j);
    let kept: Vec<usize> = keep.iter().map(|v| v.0).filter(|j| !given(j)).collect();
    let others = (0..limits.vars()).filter(|j| !is_kept(j));
    let others = others.filter(|&j| system.rows.iter().any(|row| row.a(j) != 0.0));
    let columns: Vec<usize> = kept.iter().copied().chain(others).collect();

    let mut open: Vec<usize> = (kept.len()..columns.len()).collect();
    let of = open.len();
    let rows = system.rows.iter().map(|row| row.narrowed(&columns));
    let rows = redundancy::without_idle(rows.collect(), columns.len());
    let mut elimination = Elimination::new(rows);
    let mut most_rows = elimination.len();
    while let Some(j) = elimination.cheapest(&open) {
        let too_large = |rows: usize| {
            let variable = columns.get(j).map(|&j| limits.variable(j));
            Failure::TooLarge {
                variable: variable.unwrap_or_default(),
                rows,
                limit: row_limit,
                left: open.len(),
                of,
            }
        };
        elimination.eliminate(j, row_limit).map_err(too_large)?;
        open.retain(|&k| k != j);
        if let Some(row) = elimination.contradiction() {
            return Err(Failure::empty(row, limits));
        }
        most_rows = most_rows.max(elimination.len());
    }
    let kept: Vec<usize> = (0..kept.len()).collect();
    let rows = elimination.into_rows();
    Ok((
        rows.iter().map(|row| row.narrowed(&kept)).collect(),
        most_rows,
    ))
}

impl Limits<'_> {
    /// `row` added up anew from its limits and scaled: the coefficient of `unit`, or else the
    /// largest one, becomes 1. Only the variables `columns` may be left.
    fn face(
        &self,
        row: &HalfSpace,
        columns: &[usize],
        unit: Option<usize>,
    ) -> Result<Face, Failure> {
        let mut sources = self.sources(row);
        let raw = self.add_up(&sources);
        let of_columns = columns.iter().map(|&j| raw.a(j).abs());
        let scale = unit.map_or(of_columns.fold(0.0, f64::max), |j| raw.a(j).abs());
        for (_, w) in &mut sources {
            *w = clean(*w / scale, 1.0);
        }
        let sum = self.add_up(&sources);
        if scale == 0.0 || !sum.vanishes_but(columns, NOISE) {
            return Err(Failure::Numerics(
                "rounding errors are too large for a shadow that can be proved: bring the coefficients of the model closer to one size".to_string(),
            ));
        }
        let terms = columns.iter().map(|&j| (Var(j), clean(sum.a(j), 1.0)));
        let mut terms: Vec<(Var, f64)> = terms.filter(|&(_, a)| a != 0.0).collect();
        crate::sort::by_key(&mut terms, |&(var, _)| var);
        Ok(Face {
            terms,
            upper: clean(sum.b(), sum.b_size()),
            sources: self.named(sources),
        })
    }
}
