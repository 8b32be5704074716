//! One dispatch: the linear program of one interval, its limits and its prices.

mod bids;
mod lines;
mod priced;
mod program;
mod whole;

pub use program::blocks_between;
pub use whole::{Cause, Conflict, Unit, conflict_in_operation, integer_program, lp_file};

use crate::opt::zonotope::{CUT_ROW, REACH_ROW};
use crate::opt::{Certificate, Constraint, Model, NewRow, Outcome, Row, TIGHT};

use super::equivalent::Equivalent;
use super::prices::Prices;
use super::system::{State, System};
use bids::{answers, clear_on_curves, clear_on_jack};
use lines::Lines;
use priced::{Priced, priced};
use program::{Columns, Owner, View, program};
use whole::conflict;

/// How the program sees aggregated DERs.
#[derive(Clone, Copy)]
pub enum Sight<'a> {
    /// Each DER at its own bus (elemental pricing nodes).
    Elemental,
    /// Each aggregator as one node; distribution factors by group and member.
    Factors(&'a [Vec<f64>]),
    /// Aggregators with critical lines through their network equivalents, the others and all other
    /// lines through the factors.
    Equivalent(&'a [Vec<f64>], &'a [Equivalent]),
}

impl<'a> Sight<'a> {
    pub fn equivalents(self) -> &'a [Equivalent] {
        match self {
            Sight::Equivalent(_, equivalents) => equivalents,
            _ => &[],
        }
    }

    /// Factors of aggregator `a`; `None` where each member is seen at its own bus.
    pub fn factors(self, a: usize) -> Option<&'a [f64]> {
        match self {
            Sight::Elemental => None,
            Sight::Factors(factors) | Sight::Equivalent(factors, _) => {
                factors.get(a).map(Vec::as_slice)
            }
        }
    }
}

/// What one dispatch is asked for.
pub struct Request<'a> {
    pub name: String,
    pub sight: Sight<'a>,
    /// Latest state estimation; its flows are taken as measured.
    pub se: &'a State,
    /// Loads to be served, MW.
    pub loads_mw: &'a [f64],
    /// Least and greatest output of each generator, MW, ramps included.
    pub generator_range_mw: &'a [(f64, f64)],
    /// Limits that bound last time: tried first, as (limit, upper side).
    pub likely: &'a [(usize, bool)],
    /// Rows of exact curves that were tight last time.
    pub likely_bids: &'a [NewRow],
}

/// A cleared interval.
pub struct Dispatch {
    pub generators_mw: Vec<f64>,
    /// Output the program gives each DER; inside an aggregator only its total is an instruction.
    pub ders_mw: Vec<f64>,
    pub prices: Prices,
    pub certificate: Certificate,
    pub binding: Vec<(usize, bool)>,
    /// Rows of exact curves that are tight.
    pub bids: Vec<NewRow>,
    /// What each network equivalent was asked for and answered.
    pub answers: Vec<Answer>,
}

/// A network equivalent in one interval.
#[derive(Clone, Debug)]
pub struct Answer {
    pub p_a_mw: f64,
    /// P_l'' by critical line, MW.
    pub other_mw: Vec<f64>,
    /// Its cost as the program had it, $/h.
    pub bid_usd_per_h: f64,
    /// Its cost after its own dispatch, `Eq. [zuo2022](12)`, $/h.
    pub cost_usd_per_h: f64,
    /// Output of its blocks, MW.
    blocks_mw: Vec<f64>,
}
/// Ways a dispatch can end without a schedule.
pub enum Failure {
    Infeasible(Box<Conflict>),
    Numerics(String),
}
/// Largest excess of an expected flow over its limit that counts as satisfied in a case of ordinary
/// size, MW.
pub const FLOW_TOLERANCE_MW: f64 = 1e-7;

/// Whether a row stands at one of its limits: as near as prices take for tight.
fn is_met(system: &System, row: &Constraint, value: f64) -> bool {
    let near = system.tolerance_mw(TIGHT);
    let at = |limit: f64| (value - limit).abs() <= near.max(TIGHT * limit.abs());
    at(row.lower) || at(row.upper)
}

/// The least-cost point of one interval, before prices.
struct Cleared<'a> {
    model: Model,
    x: Vec<f64>,
    balance: Row,
    /// Definitions of P_l'' of Union Jacks, with their limits.
    others: Vec<(Row, usize)>,
    columns: Columns,
    lines: Lines<'a>,
    answers: Vec<Answer>,
}

/// Solves the program; limits enter only when they are violated. Those that are then met exactly
/// are no rows of it: prices are taken from [`priced`], which writes them all.
fn clear<'a>(system: &'a System, request: &Request<'a>) -> Result<Cleared<'a>, Failure> {
    let (mut model, columns, balance) = program(system, request, View::Aggregated);
    let lines = Lines::new(system, request, &columns, View::Aggregated);
    for &(k, upper) in request.likely {
        if !lines.covered(k) {
            model.push(lines.row(&columns, k, upper));
        }
    }
    for row in request.likely_bids {
        model.push(row.clone());
    }
    let mut tried: Vec<(usize, bool)> = request.likely.to_vec();
    let on_jack = request.sight.equivalents().iter().any(|e| e.jack.is_some());
    let mut others: Vec<(Row, usize)> = Vec::new();
    let outcome = if on_jack {
        let seen = clear_on_jack(&mut model, &lines, &columns, &mut others, |x| {
            lines.exceeded(&columns, x, &mut tried)
        });
        seen.map_or_else(|outcome| outcome, Outcome::Optimal)
    } else {
        clear_on_curves(&mut model, &lines, &columns, |x| {
            lines.exceeded(&columns, x, &mut tried)
        })
    };
    let x = match outcome {
        Outcome::Optimal(solution) => solution.x,
        Outcome::Infeasible => {
            return Err(Failure::Infeasible(Box::new(conflict(system, request))));
        }
        Outcome::Unbounded => return Err(Failure::Numerics("the dispatch is unbounded".into())),
        Outcome::Failed(why) => return Err(Failure::Numerics(why)),
    };
    let answers = answers(&lines, &columns, &model, &x).map_err(Failure::Numerics)?;
    Ok(Cleared {
        model,
        x,
        balance,
        others,
        columns,
        lines,
        answers,
    })
}
impl Cleared<'_> {
    /// Output of generators and DERs, MW.
    fn outputs_mw(&self, system: &System) -> (Vec<f64>, Vec<f64>) {
        let mut generators = vec![0.0; system.generators.len()];
        let mut ders = vec![0.0; system.ders.len()];
        for (owner, p) in self.columns.owner.iter().zip(&self.x) {
            match *owner {
                Owner::Generator(g) => generators[g] += p,
                Owner::Der(d) => ders[d] += p,
                Owner::Total(_) | Owner::Sent(..) | Owner::Other(_) | Owner::Value(_) => {}
            }
        }
        for (equivalent, answer) in self.lines.sight.equivalents().iter().zip(&self.answers) {
            equivalent.write(&answer.blocks_mw, &mut ders);
        }
        (generators, ders)
    }
}

/// The schedule of one interval alone: what every generator and DER is to produce.
///
/// # Errors
/// As [`dispatch`].
pub fn schedule(system: &System, request: &Request) -> Result<State, Failure> {
    let (generators, ders) = clear(system, request)?.outputs_mw(system);
    let loads = request.loads_mw.to_vec();
    Ok(State {
        generators,
        ders,
        loads,
    })
}

/// Clears one interval: least cost within the limits as the program sees them, with prices.
///
/// The certificate covers every limit, also those that never became a row, and that an exact curve
/// has the cost its aggregator's own dispatch has. With Union Jack bids it is that of the linear
/// program on the triangles found.
///
/// # Errors
/// [`Failure::Infeasible`] names the limits in conflict.
pub fn dispatch(system: &System, request: &Request) -> Result<Dispatch, Failure> {
    let cleared = clear(system, request)?;
    let Cleared {
        model,
        x,
        lines,
        columns,
        answers,
        ..
    } = &cleared;
    let Priced {
        prices,
        mut certificate,
        binding,
    } = priced(system, request, &cleared).map_err(Failure::Numerics)?;
    let flows = lines.expected_flows(columns, x);
    let overloads = system.overloads_mw(&flows).into_iter().enumerate();
    let worst = overloads
        .filter(|(k, _)| !lines.covered(*k))
        .fold(0.0, |worst: f64, (_, excess)| worst.max(excess));
    certificate.largest_violation = certificate.largest_violation.max(worst);
    certificate.certified &= worst <= system.tolerance_mw(FLOW_TOLERANCE_MW);
    for (equivalent, answer) in request.sight.equivalents().iter().zip(answers) {
        let short = match equivalent.jack {
            None => (answer.cost_usd_per_h - answer.bid_usd_per_h).abs(),
            // The interpolation of a convex function never lies under it.
            Some(_) => (answer.cost_usd_per_h - answer.bid_usd_per_h).max(0.0),
        };
        certificate.largest_violation = certificate.largest_violation.max(short);
        certificate.certified &=
            short <= crate::opt::certificate::TOLERANCE * (1.0 + answer.cost_usd_per_h.abs());
    }
    let bids = model.rows().iter().enumerate();
    let bids = bids
        .filter(|(_, row)| [CUT_ROW, REACH_ROW].contains(&row.name.as_str()))
        .filter(|(i, row)| is_met(system, row, model.row_value(Row(*i), x)))
        .map(|(_, row)| NewRow {
            name: row.name.clone(),
            terms: row.terms.clone(),
            lower: row.lower,
            upper: row.upper,
        })
        .collect();
    let (generators_mw, ders_mw) = cleared.outputs_mw(system);
    Ok(Dispatch {
        bids,
        generators_mw,
        ders_mw,
        prices,
        certificate,
        binding,
        answers: cleared.answers,
    })
}
