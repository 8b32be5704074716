//! Why the shadow price of a line is what it is: what moves with one more MW of its limit, and with one less.
//!
//! ```text
//! d(cost) = ∓ y_l · dP_l^UB,   dx_M = A_TM⁻¹ d_T       d = 1 in the upper row of l, −1 in its lower row
//! ```
//!
//! Where the limit is met exactly the two have two prices, and the shadow price is one of those between. The proof
//! clears the program again, by simplex, with another limit.
//!
//! `Eq. [zuo2022](4)`, `(10)`.

use crate::opt::parametric::{Next, next};
use crate::opt::{Failure, Model, Row, simplex};

use super::clearing::NoDispatch;
use super::explain::{MOVES, Mover, Proof, movers, proof};
use super::lp_text::full_program;
use super::pricing::dispatch;
use super::program::Columns;
use super::request::Request;
use crate::market::rt_sced::model::system::System;

/// What a change of limits or of loads does, for each MW of it.
pub struct Turn {
    /// Change of cost, $/MWh.
    pub usd_per_mwh: f64,
    pub units: Vec<Mover>,
    /// What of it falls in the intervals looked ahead at, $/MWh.
    pub later_usd_per_mwh: f64,
    /// Limits whose flow moves, and by how much for each MW.
    pub flows: Vec<(usize, f64)>,
    /// MW until other units take over.
    pub reach_mw: f64,
    pub proof: Proof,
}

/// The program of an interval with every limit a row, and its least cost.
pub(super) struct Program<'a> {
    system: &'a System,
    model: Model,
    columns: Columns,
    x: Vec<f64>,
    usd_per_h: f64,
}

/// The shadow price of a line explained.
pub struct Line {
    pub limit: usize,
    /// y_l, $/MWh, as the report has it.
    pub shadow_usd_per_mwh: f64,
    /// Flow that the program expects, MW.
    pub flow_mw: f64,
    /// One MW more of the limit, and one less; `None` where the loads cannot be served with it.
    pub more: Option<Turn>,
    pub less: Option<Turn>,
}

impl<'a> Program<'a> {
    /// The program of a request.
    ///
    /// # Errors
    /// Union Jack bids, whose program has whole choices, and a program without a dispatch.
    pub(super) fn new(system: &'a System, request: &Request) -> Result<Program<'a>, NoDispatch> {
        if request.equivalents().iter().any(|e| e.jack.is_some()) {
            let why = "prices of Union Jack bids are those of the triangles found: choose exact curves for an explanation";
            return Err(Failure::Refused(why.into()).into());
        }
        // A horizon without a dispatch ends early, as it does in the dispatch.
        let mut ahead = request.ahead;
        let (model, columns, cleared) = loop {
            let request = Request {
                ahead,
                ..request.clone()
            };
            let (model, columns) = full_program(system, &request);
            match simplex::solve(&model) {
                Err(Failure::Infeasible) if !ahead.is_empty() => ahead = &ahead[..ahead.len() - 1],
                solved => break (model, columns, solved?),
            }
        };
        Ok(Program {
            system,
            model,
            columns,
            x: cleared.x,
            usd_per_h: cleared.objective,
        })
    }

    /// Both rows of limit `k`, at their place among the rows: the balance is the first.
    fn sides(k: usize) -> [Row; 2] {
        [Row(1 + 2 * k), Row(2 + 2 * k)]
    }

    /// Flow that the program expects on limit `k`, MW.
    pub(super) fn flow_mw(&self, k: usize) -> f64 {
        let [upper, _] = Program::sides(k);
        let row = &self.model.rows()[upper.0];
        let most = self.system.limits[k].max_p_mw;
        most - row.upper + self.model.row_value(upper, &self.x)
    }

    /// What one MW more of the limit does, or one less.
    fn limit(&self, k: usize, way: f64) -> Result<Option<Turn>, NoDispatch> {
        let [upper, lower] = Program::sides(k);
        self.turn(&[(upper, way), (lower, -way)], |_| 0.0)
    }

    /// What one MWh more of load spread over buses as `at` does, or one less.
    pub(super) fn load(&self, at: &[(usize, f64)], way: f64) -> Result<Option<Turn>, NoDispatch> {
        let takes = |k: usize| -> f64 {
            let ptdf = self.system.ptdf(k);
            way * at
                .iter()
                .map(|&(bus, share)| ptdf[bus] * share)
                .sum::<f64>()
        };
        let all: f64 = at.iter().map(|(_, share)| share).sum();
        let limits = 0..self.system.limits.len();
        let rows = limits.flat_map(|k| Program::sides(k).map(|row| (row, takes(k))));
        let direction: Vec<(Row, f64)> = std::iter::once((Row(0), way * all)).chain(rows).collect();
        self.turn(&direction, takes)
    }

    /// What a change of the rows does; `takes` is what the change itself takes off the flow of a limit.
    fn turn(
        &self,
        direction: &[(Row, f64)],
        takes: impl Fn(usize) -> f64,
    ) -> Result<Option<Turn>, NoDispatch> {
        let (model, columns) = (&self.model, &self.columns);
        let Some(found) = next(model, direction)? else {
            return Ok(None);
        };
        let first = columns.var.len();
        let later = found.moves.iter().filter(|(v, _)| v.0 >= first);
        let flows = (0..self.system.limits.len()).filter_map(|k| {
            let by = flow_of(model, &found, k) - takes(k);
            (by.abs() > MOVES).then_some((k, by))
        });
        Ok(Some(Turn {
            usd_per_mwh: found.price,
            units: movers(self.system, columns, model, &found),
            later_usd_per_mwh: later.map(|&(v, by)| model.vars()[v.0].cost * by).sum(),
            flows: flows.collect(),
            reach_mw: found.reach,
            proof: proof(model, direction, self.usd_per_h, &found)?,
        }))
    }
}

/// How the units that move change the flow of limit `k`.
fn flow_of(model: &Model, found: &Next, k: usize) -> f64 {
    let [upper, _] = Program::sides(k);
    let terms = &model.rows()[upper.0].terms;
    let of = |v| found.moves.iter().find(|m| m.0 == v).map_or(0.0, |m| m.1);
    terms.iter().map(|&(v, a)| a * of(v)).sum()
}

/// Explains the shadow price of a limit in one interval.
///
/// # Errors
/// As [`dispatch`]; Union Jack bids.
pub fn explain_line(system: &System, request: &Request, k: usize) -> Result<Line, NoDispatch> {
    let program = Program::new(system, request)?;
    let lines = dispatch(system, request)?.prices.lines;
    let of_this = lines.iter().filter(|(limit, _)| *limit == k);
    Ok(Line {
        limit: k,
        shadow_usd_per_mwh: of_this.map(|(_, y)| y).sum(),
        flow_mw: program.flow_mw(k),
        more: program.limit(k, 1.0)?,
        less: program.limit(k, -1.0)?,
    })
}
