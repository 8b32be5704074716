//! Strategic bids of balancing service providers (BSP) in the balancing market of a DSO, and what of
//! the rest the TSO may use.
//!
//! After Khojasteh, Faria, Lezama, Vale, *A hierarchy model to use local resources by DSO and TSO in
//! the balancing market*, Energy, 2023, of which the project holds the abstract only: `[bsp]` marks
//! the sections of the project's own model notes, `docs/models/bsp_bidding.md`.
//!
//! The market of one period, with the TSO's market as the outside option, and its duals:
//!
//! ```text
//! min  Σ_k (α_k u_k − β_k w_k) + π^u r − π^d s + V Σ_l ζ_l
//!      Σ_k (u_k − w_k) + r − s = δ                     ↔ λ
//!      Σ_k G_lk (u_k − w_k) − ζ_l ≤ h_l                ↔ μ_l ≥ 0
//!      0 ≤ u_k ≤ U_k,  0 ≤ w_k ≤ W_k                   ↔ ū, u̲, w̄, w̲ ≥ 0
//! DLMP_k = λ − Σ_l G_lk μ_l
//! ```
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | u, w | `Cleared::up_mw`, `down_mw` | MW | resource |
//! | α, β | `Bids::up`, `Bids::down` | $/MWh | resource |
//! | c^u, c^w | `Hour::up_cost`, `down_value` | $/MWh | resource |
//! | π^u, π^d | `Hour::tso_up`, `tso_down` | $/MWh | |
//! | δ | `Hour::imbalance_mw` | MW, a shortage is positive | |
//! | G, h | `Limit::g`, `Limit::h_mw` | 1, MW | row × resource, row |
//! | λ, μ | `Cleared::lambda`, `Cleared::mu` | $/MWh | , row |
//! | V | `Hour::overload` | $/MWh | |

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
    Behaviour, BspBidding, Method, Monitoring, Network, OwnBid, Settlement, TsoMarket, Weight,
};

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::market::{Context, Contract, Failure, View};
use crate::network::formulation::feeder::Physics;
use crate::report::{Explained, Facts, Probe, Report};

impl Contract for BspBidding {
    const KIND: &'static str = "bsp_bidding";
    const VIEWED: &'static [(&'static str, &'static str)] =
        &[("behaviour", "outcome"), ("show_hour", "step")];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("show_hour", "hour"), ("show_resources", "resources")];
    type Outcome = Outcome;
    type Prepared = ();

    fn complete(&mut self, case: &Case) {
        self.complete(case);
    }

    fn complete_view(&self, _case: &Case, view: &mut View) {
        view.step.get_or_insert(self.hour);
        view.outcome
            .get_or_insert_with(|| Behaviour::default().id().into());
    }

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    fn physics(&self) -> Vec<&'static str> {
        vec![match self.network {
            Network::Linear => Physics::LinDistFlow.says(),
            Network::Cone => Physics::BranchFlow.says(),
        }]
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        check::check(case, self)
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        check::check_view(case, self, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        solve::solve(case, self, context.markets)
    }

    fn report(&self, _case: &Case, outcome: &Outcome, view: &View) -> Report {
        report::report(self, outcome, view)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Outcome,
        _view: &View,
        key: &str,
        at: (f64, f64),
    ) -> Result<Probe, Failure> {
        let t = report::probe::period(outcome, key)
            .filter(|_| !self.on_cone())
            .ok_or_else(|| format!("no chart of this mechanism answers to `{key}`"))?;
        let point = solve::point(self, outcome, t, at)?;
        Ok(report::probe::probe(self, outcome, &point))
    }

    fn explain(
        &self,
        case: &Case,
        outcome: &Outcome,
        subject: &Subject,
        step: usize,
    ) -> Result<Explained, Failure> {
        self.explain_viewed(case, outcome, &View::default(), (subject, step))
    }

    fn explain_viewed(
        &self,
        _case: &Case,
        outcome: &Outcome,
        view: &View,
        asked: (&Subject, usize),
    ) -> Result<Explained, Failure> {
        let found = explain::explain(outcome, view, asked)?;
        report::explain::explained(outcome, &found)
    }

    fn regime(&self, outcome: &Outcome) -> Facts {
        self.regime_viewed(outcome, &View::default())
    }

    fn regime_viewed(&self, outcome: &Outcome, view: &View) -> Facts {
        report::regime::facts(outcome, view)
    }

    fn compared(&self, _case: &Case) -> &'static str {
        "outcome"
    }

    fn compare(&self, case: &Case, context: &Context<Self>) -> Option<Result<Report, Failure>> {
        let compared = solve::solve(case, self, context.markets).map(|outcome| {
            let ways = solve::every_period(self, &outcome);
            let whole = report::report(self, &outcome, &View::default());
            report::compare::compare(&outcome, &ways, whole)
        });
        Some(compared)
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
        solve::lp_file(case, self, step)
    }
}

/// What tests see.
#[cfg(feature = "internals")]
pub mod inside {
    pub use super::explain::{explain, held, shown};
    pub use super::solve::lp_file;
}
