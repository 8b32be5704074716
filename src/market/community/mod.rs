//! Communities with solar and batteries trade among each other and with their load serving entity.
//!
//! Theisen, Bose, Mukherjee, Burgess, Wilhelm, Diedesch, *Community-Based Transactive Coordination
//! Mechanism for Enabling Grid-Edge Systems*, TPEC 2024: `[theisen2024]`; numbers in brackets after
//! the tag are sections of the model notes, `docs/models/community.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | Q_j | `q_kw`, `quantity_kw` | kW, demand + | community × interval |
//! | b, ch, dis | `battery_kw` | kW, charging + | community × interval |
//! | soc · E | `stored_kwh` | kWh | community × interval |
//! | P^a, P^f | `System::lse`, `System::forecast` | $/kWh | interval |
//! | σ | `System::spread` | $/kWh | hour |
//! | p | `Cleared::usd_per_kwh` | $/kWh | interval |
//! | V_j | `Bid::value_usd_per_h` | $/h | |
//! | −V′ (dual of soc) | `schedule::Slopes` | $/kWh | |
//!
//! Signs: demand +, so that a community that feeds in has Q_j < 0.

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
pub use outcome::{Days, Outcome, Shown};
pub use params::{
    Baseline, BidForm, CommunityMarket, Comparator, Droop, Given, GivenBid, Reaction,
};

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::market::{Context, Contract, Failure, View, WHOLE};
use crate::network::formulation;
use crate::report::units::Units;
use crate::report::{Explained, Facts, Report};

impl Contract for CommunityMarket {
    const KIND: &'static str = "community";
    const VIEWED: &'static [(&'static str, &'static str)] =
        &[("comparator", "outcome"), ("show_interval", "step")];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("show_interval", "thread_interval")];
    const UNITS: Units = &[
        ("$/kWh", "¢/kWh", 100.0),
        ("$/MWh", "¢/kWh", 0.1),
        ("MW", "kW", 1e3),
        ("Mvar", "kvar", 1e3),
        ("MVA", "kVA", 1e3),
        ("MWh", "kWh", 1e3),
        ("$/(MW·h)", "¢/(kW·h)", 0.1),
    ];
    type Outcome = Outcome;
    type Prepared = ();

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    /// The balancing market that bids are handed on to is of another mechanism.
    fn module(&self) -> &'static str {
        match self.thread {
            true => WHOLE,
            false => Self::KIND,
        }
    }

    fn physics(&self) -> Vec<&'static str> {
        let feeder = match self.network && self.given.is_none() {
            true => self.physics.says(),
            false => "The clearing sees no network: no limits, no losses, no voltages of a feeder.",
        };
        let handed = self.thread.then_some(formulation::DC);
        [feeder].into_iter().chain(handed).collect()
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        check::check(case, self)
    }

    fn fit(&mut self, case: &Case) {
        let last = case.communities.as_ref().map_or(1, |all| all.intervals());
        self.thread_interval = self.thread_interval.clamp(1, last.max(1));
        self.days = None;
    }

    fn complete_view(&self, _case: &Case, view: &mut View) {
        view.step.get_or_insert(1);
        view.outcome
            .get_or_insert_with(|| Comparator::default().id().into());
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        check::check_view(case, self, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        solve::solve(case, self, context)
    }

    fn report(&self, case: &Case, outcome: &Outcome, view: &View) -> Report {
        let mut report = report::report(self, outcome, view);
        if let (None, Some(all)) = (&self.given, &case.communities) {
            report.own_series = all.members.iter().map(|m| m.id.clone()).collect();
        }
        report
    }

    fn explain(
        &self,
        case: &Case,
        outcome: &Outcome,
        subject: &Subject,
        step: usize,
    ) -> Result<Explained, Failure> {
        let given = report::given(outcome);
        let found = explain::explain(case, (outcome, given), self, subject, step)?;
        report::explain::explained(self, outcome.days.as_deref(), &found, step)
    }

    fn regime(&self, outcome: &Outcome) -> Facts {
        report::regime::facts(outcome)
    }

    fn compared(&self, _case: &Case) -> &'static str {
        "way"
    }

    fn compare(&self, case: &Case, context: &Context<Self>) -> Option<Result<Report, Failure>> {
        let outcome = solve::solve(case, self, context);
        Some(outcome.map(|outcome| report::compare(self, &outcome)))
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
        solve::lp_file(case, self, step)
    }
}
