//! Real-time security-constrained economic dispatch with aggregated DERs, rolling.
//!
//! Source: `[zuo2022]` Zuo, Liu, Xia, Yang, Wu, Chen, "Impact of Distributed Energy Resource
//! Integration on Real-time Energy Market Oscillation"; equation numbers are the paper's.
//!
//! Every interval clears, with P̂ the latest state estimation,
//!
//! ```text
//! min   Σ c_G P_G + Σ c_a P_a                                              (5)
//! s.t.  Σ P_G + Σ P_a = Σ P_L                                   ↔ λ        (6)
//!       P_G^LB ≤ P_G ≤ P_G^UB  (and ramps from P̂_G)                        (7)
//!       P_a^LB ≤ P_a ≤ P_a^UB                                              (8)
//!       P_l = P̂_l + Σ SF_li [(P_G − P_L) − (P̂_G − P̂_L)]
//!                 + Σ_a Σ_i SF_li DF_ia (P_a − P̂_a)                        (10)
//!       −P_l^UB ≤ P_l ≤ P_l^UB                                  ↔ y_l      (4)
//! ```
//!
//! then every aggregator splits P_a over its DERs by merit order, the system runs, and state
//! estimation measures it. The factors DF are a belief about that split; where the belief is wrong
//! the flow is not the one the program expected, and the next interval corrects it by the same
//! wrong factor.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | P_G | `generators_mw` | MW | generators |
//! | P_D | `ders_mw` | MW | DERs |
//! | P_a | `group_output_mw(a, ders)` | MW | aggregators |
//! | P_l | `expected_flows` (program), `flows_mw` (measured) | MW, from → to | branches |
//! | SF_li | `System::ptdf(k)[i]` | 1 | limits × buses |
//! | DF_ia | `factors[a][i]` | 1 | aggregators × members |
//! | λ | `Prices::energy` | $/MWh | - |
//! | y_l | `Prices::lines` | $/MWh, ∂cost/∂limit | limits |

mod check;
mod explain;
mod inputs;
mod model;
mod outcome;
mod params;
mod report;
mod solve;

#[cfg(feature = "internals")]
pub use model::*;
pub use outcome::Outcome;
pub use params::{
    CriticalLines, DistributionFactors, Initial, Lines, LossModel, Method, NetworkEquivalent,
    Operation, Rectangle, RtSced, Rule, Security, Sides,
};

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::market::{Context, Contract, Failure, View};
use crate::network::formulation;
use crate::report::map::{Asked, Map, Named};
use crate::report::plots::Picture;
use crate::report::{Explained, Facts, Probe, Report};

impl Contract for RtSced {
    const KIND: &'static str = "rt_sced";
    const DC_LINES: bool = true;
    const OPEN_MAPS: &'static [&'static str] = &[
        "mechanism.equivalent.critical_lines",
        "mechanism.df.given",
        "mechanism.initial.generators",
        "mechanism.initial.ders",
    ];
    const PICTURES: &'static [Picture] = report::PICTURES;
    type Outcome = Outcome;
    type Prepared = ();

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    fn physics(&self) -> Vec<&'static str> {
        vec![match self.losses {
            LossModel::None => formulation::DC,
            LossModel::Marginal => {
                "The transmission network is DC power flow with the losses of its lines at voltages of 1 p.u.: no voltages, no reactive power."
            }
        }]
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        check::check(case, self)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        let last = context.last.as_ref().map(|last| (last.case, last.outcome));
        solve::solve_after(case, self, last).map_err(|why| why.at("mechanism.method"))
    }

    fn report(&self, _case: &Case, outcome: &Outcome, _view: &View) -> Report {
        report::report(self, outcome)
    }

    fn probe(
        &self,
        case: &Case,
        outcome: &Outcome,
        _view: &View,
        key: &str,
        at: (f64, f64),
    ) -> Result<Probe, Failure> {
        let asked = solve::probe(outcome, (case, self), key, at)?;
        Ok(report::probe::probe(outcome, &asked, at))
    }

    fn explain(
        &self,
        _case: &Case,
        outcome: &Outcome,
        subject: &Subject,
        step: usize,
    ) -> Result<Explained, Failure> {
        let found = explain::explain(outcome, self, subject, step)?;
        report::explained(self, outcome, &found, step)
    }

    fn regime(&self, outcome: &Outcome) -> Facts {
        report::regime::facts(self, outcome)
    }

    fn map(
        samples: &[(&Case, &RtSced)],
        asked: &Asked,
        named: &[Named; 2],
    ) -> Result<Map, Failure> {
        if samples.iter().any(|(case, _)| !case.dc_lines.is_empty()) {
            return Err(Failure::of(
                "case.dc_lines",
                "A map of regions takes no DC lines yet. Remove them, or sweep one input.",
            ));
        }
        let ranges = [&asked.x, &asked.y].map(|axis| (axis.from, axis.to));
        let found = solve::map(samples, ranges, &asked.bus, asked.step)?;
        Ok(report::map::map(&found, asked, named))
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
        solve::lp_file(case, self, step)
    }

    fn compared(&self, case: &Case) -> &'static str {
        // Without an aggregator all methods are the same dispatch.
        match case.aggregators.is_empty() {
            true => "",
            false => "method",
        }
    }

    fn compare(&self, case: &Case, _context: &Context<Self>) -> Option<Result<Report, Failure>> {
        if self.losses != LossModel::None {
            let why = "factors and bids of aggregators do not know what lines lose, so the methods are compared without: leave losses out";
            return Some(Err(Failure::from(why).at("mechanism.losses")));
        }
        if self.security != Security::None {
            let why = "network equivalents do not know the flows after an outage, so the methods are compared without: hold no outage";
            return Some(Err(Failure::from(why).at("mechanism.security")));
        }
        let compared = model::comparison::compare(case, self);
        let written = compared.map(|compared| report::compare::report(&compared, self));
        Some(written.map_err(|why| why.at("mechanism.method")))
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::explain::{Found, explain};
    pub use super::report::{explain_line, explain_party};
    pub use super::solve::{lp_file, solve};
}
