//! An outcome as its report reads it.

use crate::market::rt_sced::model::process::Interval;
use crate::market::rt_sced::model::stability::Stability;
use crate::market::rt_sced::model::system::System;
use crate::market::rt_sced::outcome::Outcome;
use crate::market::rt_sced::params::{Method, RtSced, Rule};

/// A number of the summary: id, name, value and unit.
pub type Row<'a> = (&'static str, &'a str, f64, &'static str);

/// An outcome with its question; a view of it has nothing to choose.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub params: &'a RtSced,
    pub outcome: &'a Outcome,
    pub system: &'a System,
    pub intervals: &'a [Interval],
    pub stability: Option<&'a Stability>,
}

impl<'a> Run<'a> {
    pub fn new(params: &'a RtSced, outcome: &'a Outcome) -> Run<'a> {
        Run {
            params,
            outcome,
            system: &outcome.system,
            intervals: &outcome.roll.intervals,
            stability: outcome.stability.as_ref(),
        }
    }

    /// Whether every bid block carries the shift factor of its DER, so that no factor distributes anything.
    pub fn by_block(&self) -> bool {
        self.params.method == Method::DistributionFactors && self.params.df.rule == Rule::Block
    }

    /// Whether factors distribute an aggregator's output over its DERs.
    pub fn has_factors(&self) -> bool {
        self.params.method == Method::DistributionFactors && !self.by_block()
    }

    /// Id of the watched DER.
    pub fn watched(&self) -> &'a str {
        let watched = self.stability.map(|s| s.watch.der);
        watched.map_or("", |d| &self.system.ders[d].id)
    }
}
