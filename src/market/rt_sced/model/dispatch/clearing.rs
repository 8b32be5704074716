//! The least-cost point of one interval, before prices.

use crate::opt::{Failure, Model, Row};

use super::bids::{OnJacks, answers, clear_on_curves, clear_on_jack};
use super::conflict::{Conflict, conflict, given_way};
use super::horizon::{self, Interval};
use super::lines::Lines;
use super::program::{Columns, Detail, Owner, program};
use super::request::Request;
use crate::market::rt_sced::model::equivalent::Answer;
use crate::market::rt_sced::model::system::{State, System, Told};

/// Ways a dispatch can end without a schedule.
pub enum NoDispatch {
    Infeasible(Box<Conflict>),
    Unsolved(Failure),
}

impl From<Failure> for NoDispatch {
    fn from(why: Failure) -> NoDispatch {
        NoDispatch::Unsolved(why)
    }
}

/// The least-cost point of one interval, before prices.
pub(super) struct Cleared<'a> {
    pub(super) model: Model,
    pub(super) x: Vec<f64>,
    /// Flow that the program expects on every branch, MW.
    pub(super) flows: Vec<f64>,
    pub(super) balance: Row,
    pub(super) jacks: OnJacks,
    pub(super) columns: Columns,
    /// How its program sees equivalents.
    pub(super) detail: Detail,
    pub(super) lines: Lines<'a>,
    pub(super) answers: Vec<Answer>,
    /// The intervals looked ahead at.
    pub(super) later: Vec<Interval<'a>>,
}

/// Solves the program; limits enter only when they are violated. Those that are then met exactly
/// are no rows of it: prices are taken from [`priced`], which writes them all.
///
/// Where the intervals looked ahead at have no dispatch together, as many as have one are.
pub(super) fn anew<'a>(
    system: &'a System,
    request: &Request<'a>,
) -> Result<Cleared<'a>, NoDispatch> {
    let (mut model, columns, balance) = program(system, request, Detail::Aggregated);
    let lines = Lines::new(system, request, &columns, Detail::Aggregated);
    for &(k, upper) in request.warm_limits {
        if !lines.covered(k) {
            model.push(lines.row(&columns, k, upper));
        }
    }
    for row in request.warm_cuts {
        model.push(row.clone());
    }
    let later = horizon::append(system, request, &mut model, &columns);
    for interval in &later {
        for &(k, upper) in request.warm_limits {
            model.push(interval.row(k, upper));
        }
    }
    let mut tried: Vec<(usize, bool)> = request.warm_limits.to_vec();
    let mut tried_later = vec![tried.clone(); later.len()];
    let on_jack = request.equivalents().iter().any(|e| e.jack.is_some());
    let mut jacks = OnJacks::default();
    let outcome = if on_jack {
        clear_on_jack(&mut model, &lines, &columns, &mut jacks, |x| {
            lines.exceeded(&columns, x, &mut tried)
        })
    } else {
        clear_on_curves(&mut model, &lines, &columns, |x| {
            let mut rows = lines.exceeded(&columns, x, &mut tried);
            for (interval, tried) in later.iter().zip(&mut tried_later) {
                rows.extend(interval.exceeded(x, tried));
            }
            rows
        })
    };
    let x = match outcome {
        Ok(solution) => solution.x,
        Err(Failure::Infeasible) if !later.is_empty() => {
            let ahead = &request.ahead[..later.len() - 1];
            let nearer = Request {
                ahead,
                ..request.clone()
            };
            return anew(system, &nearer);
        }
        Err(Failure::Infeasible) => {
            return Err(none(system, request));
        }
        Err(why) => return Err(why.into()),
    };
    let flows = lines.expected_flows(&columns, &x);
    let answers = answers(&lines, &columns, (&model, &jacks.weights), (&x, &flows))?;
    Ok(Cleared {
        flows,
        model,
        x,
        balance,
        jacks,
        columns,
        detail: Detail::Aggregated,
        lines,
        answers,
        later,
    })
}

/// What is said of an interval that has no dispatch.
pub(super) fn none(system: &System, request: &Request) -> NoDispatch {
    let conflict = match system.told {
        Told::Nothing => Conflict::untold(None),
        Told::Flows => Conflict::untold(given_way(system, request)),
        Told::Why => conflict(system, request),
    };
    NoDispatch::Infeasible(Box::new(conflict))
}

impl Cleared<'_> {
    /// Output of generators and DERs and flows of DC lines, MW.
    pub(super) fn outputs(&self, system: &System) -> State {
        let mut generators = vec![0.0; system.generators.len()];
        let mut ders = vec![0.0; system.ders.len()];
        let mut dc_lines = vec![0.0; system.dc_lines.len()];
        for (owner, p) in self.columns.owner.iter().zip(&self.x) {
            match *owner {
                Owner::Generator(g) => generators[g] += p,
                Owner::Der(d) => ders[d] += p,
                Owner::DcLine { line, forward } => {
                    dc_lines[line] += if forward { *p } else { -p };
                }
                Owner::Total(_) | Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => {}
            }
        }
        for (equivalent, answer) in self.lines.equivalents().iter().zip(&self.answers) {
            equivalent.write(&answer.blocks_mw, &mut ders);
        }
        State {
            generators,
            ders,
            dc_lines,
            loads: Vec::new(),
        }
    }
}
