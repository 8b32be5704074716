//! One dispatch: the linear program of one interval, its limits and its prices.

mod bids;
mod lines;
mod program;
mod whole;

pub use program::blocks_between;
pub use whole::{Cause, Conflict, Unit, conflict_in_operation, integer_program, lp_file};

use crate::opt::zonotope::{CUT_ROW, REACH_ROW};
use crate::opt::{Certificate, Model, NewRow, Outcome, Row, certify};

use super::equivalent::Equivalent;
use super::prices::{LineRow, Prices, prices};
use super::system::{State, System};
use bids::{answers, clear_on_curves, clear_on_jack};
use lines::{Lines, row_name};
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
    /// Rows of exact curves with a price.
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
/// Largest excess of an expected flow over its limit that counts as satisfied, MW.
pub const FLOW_TOLERANCE_MW: f64 = 1e-7;
/// The least-cost point of one interval, before prices.
struct Cleared<'a> {
    model: Model,
    x: Vec<f64>,
    balance: Row,
    rows: Vec<LineRow>,
    columns: Columns,
    lines: Lines<'a>,
    answers: Vec<Answer>,
}

/// Solves the program; limits enter only when they are violated.
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
    // By name: the solver leaves out a row that the point already meets.
    let named = |name: &str| {
        let mut tried = tried.iter();
        tried.find(|(k, upper)| row_name(system, *k, *upper) == name)
    };
    let limits = model.rows().iter().enumerate().skip(1);
    let mut rows: Vec<LineRow> = limits
        .filter_map(|(i, row)| named(&row.name).map(|&(k, upper)| LineRow::limit(Row(i), k, upper)))
        .collect();
    rows.extend(
        others
            .into_iter()
            .map(|(row, k)| LineRow::definition(row, k)),
    );
    let answers = answers(&lines, &columns, &model, &x).map_err(Failure::Numerics)?;
    Ok(Cleared {
        model,
        x,
        balance,
        rows,
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
        balance,
        rows,
        lines,
        columns,
        answers,
    } = &cleared;
    let (prices, duals) = prices(system, request.sight, answers, model, x, *balance, rows)
        .map_err(Failure::Numerics)?;
    let mut certificate = certify(request.name.clone(), model, x, Some(&duals));
    let flows = lines.expected_flows(columns, x);
    let overloads = system.overloads_mw(&flows).into_iter().enumerate();
    let worst = overloads
        .filter(|(k, _)| !lines.covered(*k))
        .fold(0.0, |worst: f64, (_, excess)| worst.max(excess));
    certificate.largest_violation = certificate.largest_violation.max(worst);
    certificate.certified &= worst <= FLOW_TOLERANCE_MW;
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
    let binding = rows
        .iter()
        .filter(|line| duals.rows[line.row.0] != 0.0)
        .filter_map(|line| Some((line.limit, line.upper?)))
        .collect();
    let of_bids = model.rows().iter().zip(&duals.rows);
    let bids = of_bids
        .filter(|(row, y)| **y != 0.0 && [CUT_ROW, REACH_ROW].contains(&row.name.as_str()))
        .map(|(row, _)| NewRow {
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
