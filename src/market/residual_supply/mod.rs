//! Hierarchical clearing by residual supply functions, and the other TSO-DSO schemes.
//!
//! Mezghani, Stevens, Papavasiliou, Chatzigiannis, *Hierarchical coordination of transmission and
//! distribution system operations in European balancing markets*, IEEE Transactions on Power
//! Systems 38(5), 2023: `[mezghani2023]`; numbers in brackets after the tag are sections of the
//! model notes, `docs/models/residual_supply.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | e_d | `export_mw` | MW, to the area above + | area × period |
//! | TC_d(e) | `curve::Sample::cost_usd` | $ | export |
//! | μ, slope of TC_d | `below_usd_per_mwh`, `above_usd_per_mwh` | $/MWh | period |
//! | RSF_d | `curve::Curve::steps` | MW, $/MWh | step |
//! | p, q | `Dispatch::p_mw`, `q_mvar` | MW, Mvar, injection + | bid × period |
//! | σ, ρ, τ | `offers::add` | 0 or 1 | segment, offer, bid |
//! | λ | `Prices::lmp` | $/MWh | area × period × bus |
//! | f, S | `flow_mw`, `loading_mva` | MW, MVA | area × period × line |
//! | v | `voltage_pu` | p.u. | area × period × bus |
//! | slack | `slack_mwh` | MWh at the price cap | area |
//! | LOC | `lost_opportunity_cost::LostOpportunityCost` | $ | bid, area |
//!
//! Signs: injection +, so that a downward activation and a load are negative.

mod check;
mod explain;
mod inputs;
mod model;
mod outcome;
mod params;
mod report;
mod solve;

pub use model::coupling::MARKETS;
#[cfg(feature = "internals")]
pub use model::*;
pub use outcome::Outcome;
pub use params::{Form, Grid, ResidualSupply, Rsf, Scheme, Settlement, StepPrice, Variant};

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::market::{Answered, Context, Contract, Failure, Pieces, View};
use crate::network::formulation;
use crate::report::plots::Picture;
use crate::report::{Explained, Facts, Probe, Report};

impl Contract for ResidualSupply {
    const KIND: &'static str = "residual_supply";
    const VIEWED: &'static [(&'static str, &'static str)] =
        &[("show_feeder", "feeder"), ("show_period", "step")];
    const PICTURES: &'static [Picture] = report::PICTURES;
    type Outcome = Outcome;
    type Prepared = model::system::System;

    fn complete_view(&self, _case: &Case, view: &mut View) {
        view.step.get_or_insert(1);
    }

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    fn physics(&self) -> Vec<&'static str> {
        vec![formulation::DC, self.physics.says()]
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        check::check(case, self)
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        check::check_view(case, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        solve::solve(case, self, context)
    }

    fn report(&self, case: &Case, outcome: &Outcome, view: &View) -> Report {
        report::report(case, outcome, view)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Outcome,
        view: &View,
        key: &str,
        (x, _): (f64, f64),
    ) -> Result<Probe, Failure> {
        let area = report::probe::area(&outcome.system, key)?;
        let asked = solve::ask(outcome, self, area, x)?;
        Ok(report::probe::probe(outcome, &asked, view, x))
    }

    fn explain(
        &self,
        case: &Case,
        outcome: &Outcome,
        subject: &Subject,
        step: usize,
    ) -> Result<Explained, Failure> {
        let mut explained = report::explain::explain(case, outcome, subject, step)?;
        if let Some(a) = outcome.system.area_of(subject) {
            let steps = solve::steps_of_export(outcome, self, a)?.into_iter();
            let name = &outcome.system.areas[a].id;
            explained.proofs = steps.map(|s| report::explain::proof(name, s)).collect();
        }
        let moving = explain::moving(self, outcome, subject, step);
        report::explain_moves::tell(&mut explained, outcome, moving);
        Ok(explained)
    }

    fn regime(&self, outcome: &Outcome) -> Facts {
        report::regime::facts(outcome)
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
        solve::lp_file(case, self, step)
    }

    fn compared(&self, _case: &Case) -> &'static str {
        "scheme"
    }

    fn compare(&self, case: &Case, _: &Context<Self>) -> Option<Result<Report, Failure>> {
        let found = solve::compare(case, self);
        Some(found.map(|found| report::compare::report(case, &found)))
    }

    fn pieces(&self, case: &Case, _: Option<&Answered<Self>>) -> Option<Pieces> {
        Some(Pieces {
            name: "residual supply functions",
            count: solve::pieces(case, self)?,
        })
    }

    fn prepare(&self, case: &Case) -> Result<Option<model::system::System>, Failure> {
        Ok(Some(model::system::System::new(case)?))
    }

    fn piece(
        &self,
        case: &Case,
        prepared: Option<&model::system::System>,
        k: usize,
    ) -> Result<String, Failure> {
        match prepared {
            Some(system) => solve::piece(system, self, k),
            None => solve::piece(&model::system::System::new(case)?, self, k),
        }
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::report::published::*;
    pub use super::report::words::*;
}
