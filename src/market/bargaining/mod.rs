//! ISO and DSOs: the plan of the day before, real time, and what cooperation is shared by.
//!
//! Wang, Sun, Liu, Tan, Tsang, *Real-time Market-based Coordination Mechanism for Transmission and
//! Distribution Networks*, SmartGridComm 2017: `[wang2017]`; numbers in brackets after the tag are
//! sections of the model notes, `docs/models/bargaining.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | g, ĝ | `output_mw`, `Reserved::p_mw` | MW | generator × slot |
//! | d, d̂ | `import_mw`, `Plan::import_mw` | MW | DSO × slot |
//! | π, π̂ | `lmp`, `Reserved::usd_per_mwh` | $/MWh | slot × bus, generator × slot |
//! | P̃, p̃ | `System::latest_mw` | MW | profile × slot |
//! | U^m_co, U^m_non | `Given::utility_co_usd`, `utility_non_usd` | $ | DSO × slot |
//! | G_co, G_non | `Given::cost_co_usd`, `cost_non_usd` | $ | slot |
//! | S′ | `Gains::surplus_usd` | $ | slot |
//! | b, c | `Settlement::payments_usd`, `charge_usd` | $ | DSO × slot, slot |
//! | α | `Settled::powers` | 1 | player |

mod check;
mod inputs;
mod model;
mod outcome;
mod params;
mod report;
mod rolls;
mod solve;

#[cfg(feature = "internals")]
pub use model::*;
pub use outcome::{ByRule, Day, Leaving, Outcome, Settled};
pub use params::{Bargaining, Disagreement, Given, Misreport, Power, Risk, Rule, Wish};
pub use rolls::Roll;

use crate::case::{Case, Problem, Subject};
use crate::inputs::{Fields, Section};
use crate::market::{Answered, Context, Contract, Failure, Pieces, View};
use crate::network::formulation;
use crate::report::{Explained, Probe, Report};

impl Contract for Bargaining {
    const KIND: &'static str = "bargaining";
    const VIEWED: &'static [(&'static str, &'static str)] = &[("show_players", "players")];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("show_slot", "slot")];
    type Outcome = Outcome;
    type Prepared = rolls::Prepared;

    fn complete(&mut self, case: &Case) {
        self.complete(case);
    }

    fn complete_view(&self, case: &Case, view: &mut View) {
        if let (None, Some(dso)) = (&view.players, self.dsos(case).first()) {
            view.players = Some((params::ISO.into(), (*dso).to_string()));
        }
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
        check::check_view(case, self, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        solve::solve(case, self, context)
    }

    fn report(&self, _case: &Case, outcome: &Outcome, view: &View) -> Report {
        report::report(self, outcome, view)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Outcome,
        view: &View,
        key: &str,
        (x, _): (f64, f64),
    ) -> Result<Probe, Failure> {
        report::probe(self, outcome, view, key, x)
    }

    fn explain(
        &self,
        _case: &Case,
        outcome: &Outcome,
        subject: &Subject,
        step: usize,
    ) -> Result<Explained, Failure> {
        match outcome {
            Outcome::Settled(run) => {
                report::explain::explain(run, self.most_paid_usd, subject, step)
            }
            Outcome::Unserved(_) => Err("the day is not served, so that nobody pays".into()),
        }
    }

    fn lp_file(&self, _case: &Case, _step: usize) -> Result<String, Failure> {
        Err(Failure::of(
            "mechanism.kind",
            "the programs of this mechanism have quadratic costs and cones, which this file form does not hold",
        ))
    }

    fn compared(&self, _case: &Case) -> &'static str {
        "rule"
    }

    fn compare(&self, case: &Case, context: &Context<Self>) -> Option<Result<Report, Failure>> {
        let plain = Bargaining {
            coalitions: false,
            decomposition: false,
            real_time_exchange: false,
            risk: params::Risk::default(),
            misreport: Misreport::default(),
            ..self.clone()
        };
        let outcome = solve::solve(case, &plain, context);
        Some(outcome.map(|outcome| report::compare(&plain, &outcome)))
    }

    fn pieces(&self, case: &Case, last: Option<&Answered<Self>>) -> Option<Pieces> {
        rolls::pieces(case, self, last)
    }

    fn prepare(&self, case: &Case) -> Result<Option<rolls::Prepared>, Failure> {
        rolls::prepare(case, self).map(Some)
    }

    fn piece(
        &self,
        case: &Case,
        prepared: Option<&rolls::Prepared>,
        k: usize,
    ) -> Result<String, Failure> {
        match prepared {
            Some(prepared) => rolls::piece(prepared, k),
            None => rolls::piece(&rolls::prepare(case, self)?, k),
        }
    }
}
