//! Looking ahead: the intervals after the one to be cleared, tied to it by ramps.
//!
//! With P_τ for the outputs of interval τ of the horizon, τ = 0 the one that binds,
//!
//! ```text
//! min   Σ_τ cost(P_τ)
//! s.t.  (6) to (8) and (10), (4) of every interval, each with its own loads
//!       −R_g Δ ≤ P_g,τ+1 − P_g,τ ≤ R_g Δ                         ↔ r_g,τ
//! ```
//!
//! State estimation and distribution factors are those of now in every interval. A block of
//! generator g at bus i in the first interval is dispatched where its price is
//! LMP_i + ρ_g, with ρ_g = −r_g,0 its ramp opportunity: what one more MW of it now saves later.

use crate::opt::{Constraint, Model, Row, Tag, Var};

use super::lines::{Lines, side_of};
use super::program::{Columns, Detail, Owner, program};
use super::request::Request;
use crate::market::rt_sced::model::limit::Limit;
use crate::market::rt_sced::model::system::System;

/// An interval of the horizon after the first.
pub(super) struct Interval<'a> {
    /// Its variables are those of the whole program.
    pub(super) columns: Columns,
    lines: Lines<'a>,
    /// Its first variable.
    start: usize,
    /// Added to the tags of its rows and to their names.
    shift: usize,
    suffix: String,
    /// (generator, ramp from the interval before).
    pub(super) ramps: Vec<(usize, Row)>,
}

/// Adds the later intervals of a request to the program of the first.
pub(super) fn append<'a>(
    system: &'a System,
    request: &Request<'a>,
    model: &mut Model,
    first: &Columns,
) -> Vec<Interval<'a>> {
    let mut all: Vec<Interval> = Vec::with_capacity(request.ahead.len());
    for (n, later) in request.ahead.iter().enumerate() {
        let request = Request {
            loads_mw: &later.loads_mw,
            generator_range_mw: &later.ranges_mw,
            ..request.clone()
        };
        let (own, mut columns, _) = program(system, &request, Detail::Open);
        let lines = Lines::new(system, &request, &columns, Detail::Open);
        let start = model.vars().len();
        let suffix = format!("_ahead_{}", n + 1);
        for column in own.vars() {
            let name = format!("{}{suffix}", column.name);
            model.var(name, column.lower, column.upper, column.cost);
        }
        for &(i, j, q) in own.quadratic_terms() {
            model.quadratic(Var(i.0 + start), Var(j.0 + start), q);
        }
        columns.var.iter_mut().for_each(|v| v.0 += start);
        for row in own.rows() {
            let mut row = row.clone();
            row.terms.iter_mut().for_each(|(v, _)| v.0 += start);
            row.name = format!("{}{suffix}", row.name).into();
            model.push(row);
        }
        let before = all.last().map_or(first, |interval| &interval.columns);
        let reach = later.reach_mw.iter().enumerate();
        let ramps = reach.filter_map(|(g, reach)| {
            let reach = (*reach)?;
            let of = |columns: &Columns, sign: f64| -> Vec<(Var, f64)> {
                let pairs = columns.owner.iter().zip(&columns.var);
                let mine = pairs.filter(|(o, _)| matches!(o, Owner::Generator(h) if *h == g));
                mine.map(|(_, &v)| (v, sign)).collect()
            };
            let terms = [of(&columns, 1.0), of(before, -1.0)].concat();
            let name = format!("ramp_{}{suffix}", system.generators[g].id);
            Some((g, model.row(name, terms, -reach, reach)))
        });
        let ramps = ramps.collect();
        all.push(Interval {
            columns,
            lines,
            start,
            shift: 2 * system.limits.len() * (n + 1),
            suffix,
            ramps,
        });
    }
    all
}

impl Interval<'_> {
    /// The row of a side of limit `k` in this interval.
    pub(super) fn row(&self, k: usize, upper: bool) -> Constraint {
        self.own(self.lines.row(&self.columns, k, upper))
    }

    /// The row of a side of a limit that need not be one of the system, in this interval.
    pub(super) fn row_of(&self, limit: &Limit, upper: bool) -> Constraint {
        self.own(self.lines.row_of(&self.columns, limit, upper))
    }

    fn own(&self, mut row: Constraint) -> Constraint {
        row.name = format!("{}{}", row.name, self.suffix).into();
        row.tag = self.shifted(row.tag);
        row
    }

    fn shifted(&self, tag: Tag) -> Tag {
        match tag {
            Tag::Own(side) => Tag::Own(side + self.shift),
            other => other,
        }
    }

    /// The tag of [`Interval::row`].
    pub(super) fn tag(&self, k: usize, upper: bool) -> Tag {
        self.shifted(side_of(k, upper))
    }

    /// Flow on every branch at a point of the program, MW.
    pub(super) fn flows(&self, x: &[f64]) -> Vec<f64> {
        self.lines.expected_flows(&self.columns, self.part(x))
    }

    /// Its part of a point of the program.
    pub(super) fn part<'x>(&self, x: &'x [f64]) -> &'x [f64] {
        let end = (self.start + self.columns.var.len()).min(x.len());
        x.get(self.start..end).unwrap_or_default()
    }

    /// Rows of limits that a point exceeds and `tried` does not hold yet.
    pub(super) fn exceeded(
        &self,
        x: &[f64],
        tried: &mut Vec<(usize, bool)>,
    ) -> impl Iterator<Item = Constraint> {
        let rows = self.lines.exceeded(&self.columns, self.part(x), tried);
        rows.into_iter().map(|row| self.own(row))
    }

    /// Sides of limits that a point exceeds.
    pub(super) fn over(&self, x: &[f64]) -> Vec<(usize, bool)> {
        self.lines.over(&self.flows(x))
    }

    /// The largest excess over a limit at a point, MW.
    pub(super) fn worst_mw(&self, system: &System, x: &[f64]) -> f64 {
        let overloads = system.overloads_mw(&self.flows(x));
        overloads.into_iter().fold(0.0, f64::max)
    }

    /// Output of every generator at a point, MW.
    pub(super) fn generators_mw(&self, system: &System, x: &[f64]) -> Vec<f64> {
        self.columns.outputs_mw(system, self.part(x))
    }
}
