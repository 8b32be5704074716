//! Hierarchical clearing by residual supply functions, and the other TSO-DSO schemes.
//!
//! Mezghani, Stevens, Papavasiliou, Chatzigiannis, *Hierarchical coordination of transmission and
//! distribution system operations in European balancing markets*, IEEE Transactions on Power
//! Systems 38(5), 2023: `[mezghani2023]`; numbers in brackets after the tag are those of the model
//! notes in `EQUATIONS.md`.

pub mod ac;
mod answer;
pub mod bound;
pub mod build;
mod charts;
pub mod clear;
pub mod coupling;
mod compare;
pub mod curve;
pub mod dispatch;
mod implied;

pub mod integers;
mod interval;
pub mod local;
pub mod lost;
pub mod offers;
mod inputs;
mod params;
mod pieces;
pub mod physics;
pub mod program;
mod safebox;
pub mod schemes;
mod series;
pub mod settlement;
mod shape;
mod step_words;
mod summary;
pub mod system;
mod tables;
mod theorems;
pub mod tight;
mod validate;
mod workbench;

pub use curve::{Form, StepPrice};
pub use params::{Grid, ResidualSupply, Rsf, Scheme, Settlement, Variant};

pub use answer::Solved;

use crate::case::{Case, Problem};
use crate::inputs::{Fields, Section};
use crate::market::{Answered, Context, Contract, Failure, Pieces, View};
use crate::report::{Probe, Report};
use system::System;

impl Contract for ResidualSupply {
    const KIND: &'static str = "residual_supply";
    const VIEWED: &'static [(&'static str, &'static str)] =
        &[("show_feeder", "feeder"), ("show_period", "step")];
    type Outcome = Solved;
    type Prepared = System;

    fn complete_view(&self, _case: &Case, view: &mut View) {
        view.step.get_or_insert(1);
    }

    fn inputs(&self, fields: &Fields, case: &Case) -> Vec<Section> {
        inputs::inputs(fields, case, self)
    }

    fn check(&self, case: &Case) -> Vec<Problem> {
        validate::check(case, self)
    }

    fn check_view(&self, case: &Case, view: &View) -> Vec<Problem> {
        validate::check_view(case, view)
    }

    fn solve(&self, case: &Case, context: &Context<Self>) -> Result<Solved, Failure> {
        let made = context.pieces.iter().map(|text| serde_json::from_str(text));
        let made: Result<Vec<_>, _> = made.collect();
        let made = made.map_err(|why| why.to_string())?;
        Ok(answer::solve(case, self, made)?)
    }

    fn report(&self, _case: &Case, outcome: &Solved, view: &View) -> Report {
        answer::report(outcome, self, view)
    }

    fn probe(
        &self,
        _case: &Case,
        outcome: &Solved,
        view: &View,
        key: &str,
        (x, _): (f64, f64),
    ) -> Result<Probe, Failure> {
        Ok(workbench::probe(&outcome.system, self, view, key, x)?)
    }

    fn lp_file(&self, case: &Case, step: usize) -> Result<String, Failure> {
        Ok(workbench::lp_file(case, self, step)?)
    }

    fn compare(&self, case: &Case, _: &Context<Self>) -> Option<Result<Report, Failure>> {
        Some(compare::compare(case, self).map_err(Failure::from))
    }

    fn pieces(&self, case: &Case, _: Option<&Answered<Self>>) -> Option<Pieces> {
        Some(Pieces {
            name: "residual supply functions",
            count: pieces::count(case, self)?,
        })
    }

    fn prepare(&self, case: &Case) -> Result<Option<System>, Failure> {
        Ok(Some(System::new(case)?))
    }

    fn piece(&self, case: &Case, prepared: Option<&System>, k: usize) -> Result<String, Failure> {
        match prepared {
            Some(system) => Ok(pieces::piece(system, self, k)?),
            None => Ok(pieces::piece(&System::new(case)?, self, k)?),
        }
    }
}
