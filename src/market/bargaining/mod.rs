//! ISO and DSOs: the plan of the day before, real time, and what cooperation is shared by.
//!
//! Wang, Sun, Liu, Tan, Tsang, *Real-time Market-based Coordination Mechanism for Transmission and
//! Distribution Networks*, SmartGridComm 2017: `[wang2017]`; numbers in brackets after the tag are
//! those of the model notes in `EQUATIONS.md`.
//!
//! | symbol | code | unit | shape |
//! |---|---|---|---|
//! | g, ĝ | `output_mw`, `Reserved::p_mw` | MW | generator × slot |
//! | d, d̂ | `import_mw`, `Plan::import_mw` | MW | DSO × slot |
//! | π, π̂ | `lmp`, `Reserved::usd_per_mwh` | $/MWh | slot × bus, generator × slot |
//! | P̃, p̃ | `System::known_mw` | MW | profile × slot |
//! | U^m_co, U^m_non | `Given::utility_co_usd`, `utility_non_usd` | $ | DSO × slot |
//! | G_co, G_non | `Given::cost_co_usd`, `cost_non_usd` | $ | slot |
//! | S′ | `Gains::surplus_usd` | $ | slot |
//! | b, c | `Settlement::payments_usd`, `charge_usd` | $ | DSO × slot, slot |
//! | α | `Run::powers` | 1 | player |

mod answer;
mod beside;
mod charts;
pub mod coalitions;
pub mod decompose;
pub mod dso;
mod explorer;
pub mod iso;
mod ledger;
mod limits;
pub mod misreport;
pub mod operation;
mod inputs;
mod params;
pub mod product;
pub mod roll;
mod series;
pub mod settle;
mod summary;
pub mod system;
mod tables;
mod tied;
pub mod ties;
mod validate;

pub use answer::{Outcome, Roll, Run};
pub use params::{Bargaining, Disagreement, Given, Misreport, Power, Rule, Wish};

use crate::case::{Case, Problem};
use crate::inputs::{Fields, Section};
use crate::market::{Answered, Context, Contract, Failure, Pieces, View};
use crate::report::{Probe, Report};

impl Contract for Bargaining {
    const KIND: &'static str = "bargaining";
    const VIEWED: &'static [(&'static str, &'static str)] = &[("show_players", "players")];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("show_slot", "slot")];
    type Outcome = Outcome;
    type Prepared = answer::Prepared;

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

    fn check(&self, case: &Case) -> Vec<Problem> {
        validate::check(case, self)
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        validate::check_view(case, self, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Outcome, Failure> {
        answer::solve(case, self, context)
    }

    fn report(&self, _case: &Case, outcome: &Outcome, view: &View) -> Report {
        answer::report(self, outcome, view)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Outcome,
        view: &View,
        key: &str,
        (x, _): (f64, f64),
    ) -> Result<Probe, Failure> {
        match outcome {
            Outcome::Settled(run) => Ok(explorer::probe(run, self, view, key, x)?),
            Outcome::Unserved(why) => Err(why.clone().into()),
        }
    }

    fn lp_file(&self, _case: &Case, _step: usize) -> Result<String, Failure> {
        Err(Failure::of(
            "mechanism.kind",
            "the programs of this mechanism have quadratic costs and cones, which this file form does not hold",
        ))
    }

    fn compare(&self, case: &Case, context: &Context<Self>) -> Option<Result<Report, Failure>> {
        Some(answer::compare(case, self, context))
    }

    fn pieces(&self, case: &Case, last: Option<&Answered<Self>>) -> Option<Pieces> {
        let rolls = self.given.is_none() && case.day.is_some();
        let made = answer::same_day(case, self, last).is_some();
        (rolls && !made).then_some(Pieces {
            name: "days in real time",
            count: case.boundaries.len() + 1,
        })
    }

    fn prepare(&self, case: &Case) -> Result<Option<answer::Prepared>, Failure> {
        answer::prepare(case, self).map(Some)
    }

    fn piece(
        &self,
        case: &Case,
        prepared: Option<&answer::Prepared>,
        k: usize,
    ) -> Result<String, Failure> {
        match prepared {
            Some(prepared) => answer::piece(self, prepared, k),
            None => answer::piece(self, &answer::prepare(case, self)?, k),
        }
    }
}
