//! A curve written out, and its rows in a program.

use super::super::ids::Var;
use super::super::model::{Constraint, Tag};
use super::{CostCurve, Cut, Facet, REACH};
use crate::opt::Failure;

/// A curve written out: every cut and every facet.
#[derive(Clone, Debug)]
pub struct Listed {
    pub cuts: Vec<Cut>,
    pub region: Vec<Facet>,
}

impl Listed {
    /// # Errors
    /// As [`CostCurve::pieces`] and [`CostCurve::facets`].
    pub fn of(curve: &CostCurve, limit: usize) -> Result<Listed, Failure> {
        Ok(Listed {
            cuts: curve
                .pieces(limit)?
                .into_iter()
                .map(|piece| piece.cut)
                .collect(),
            region: curve.facets(limit)?,
        })
    }

    /// V at a point; `None` more than `tolerance` outside the region.
    pub fn value(&self, point: &[f64], tolerance: f64) -> Option<f64> {
        if self
            .region
            .iter()
            .any(|facet| facet.excess(point) > tolerance)
        {
            return None;
        }
        self.cuts
            .iter()
            .map(|cut| cut.value(point))
            .reduce(f64::max)
    }

    /// All of it as rows over the coordinates `over` and the value `cost`.
    pub fn rows(&self, over: &[Var], cost: Var) -> Vec<Constraint> {
        let reach = self.region.iter().map(|facet| reach_row(facet, over));
        let cuts = self.cuts.iter().map(|cut| cut_row(cut, over, cost));
        reach.chain(cuts).collect()
    }

    /// [`CostCurve::supporting_row`] without a linear program.
    pub fn supporting_row(&self, over: &[Var], cost: Var, x: &[f64]) -> Option<Constraint> {
        let point: Vec<f64> = over.iter().map(|v| x[v.0]).collect();
        let excess = |facet: &&Facet| facet.excess(&point);
        let beyond = self
            .region
            .iter()
            .max_by(|a, b| excess(a).total_cmp(&excess(b)));
        if let Some(facet) = beyond.filter(|facet| excess(facet) > REACH) {
            return Some(reach_row(facet, over));
        }
        let height = |cut: &&Cut| cut.value(&point);
        let highest = self
            .cuts
            .iter()
            .max_by(|a, b| height(a).total_cmp(&height(b)))?;
        lies_under(highest, &point, cost, x).then(|| cut_row(highest, over, cost))
    }
}

pub(super) fn reach_row(facet: &Facet, over: &[Var]) -> Constraint {
    Constraint {
        name: "reach".into(),
        tag: Tag::Curve,
        terms: over
            .iter()
            .copied()
            .zip(facet.normal.iter().copied())
            .collect(),
        lower: f64::NEG_INFINITY,
        upper: facet.upper,
    }
}

pub(super) fn cut_row(cut: &Cut, over: &[Var], cost: Var) -> Constraint {
    let terms = over.iter().copied().zip(cut.gradient.iter().map(|g| -g));
    Constraint {
        name: "curve".into(),
        tag: Tag::Curve,
        terms: terms.chain([(cost, 1.0)]).collect(),
        lower: cut.constant,
        upper: f64::INFINITY,
    }
}

/// The value of `cost` at `x` lies under the cut.
pub(super) fn lies_under(cut: &Cut, point: &[f64], cost: Var, x: &[f64]) -> bool {
    let value = x.get(cost.0).copied().unwrap_or(f64::NAN);
    let height = cut.value(point);
    height - value > 1e-9 * (1.0 + height.abs())
}
