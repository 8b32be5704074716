//! From the least-cost point of an interval to its prices: every limit that the point meets a row.
//!
//! The dispatch adds a limit only when it is violated. One that the optimum meets exactly has a
//! price all the same (the next MWh cannot cross it), and so has every piece of an exact curve that
//! meets in the point. Prices are therefore taken from a program of their own: the limits that are
//! met and no others, and behind an exact curve the DERs themselves, of which the curve is the
//! projection. What bounded in earlier intervals, and which rows the solver needed, does not enter.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use crate::opt::{Certificate, Constraint, DualFace, Failure, Model, Row, TIGHT, Tag, certify};

use super::clearing::Cleared;
use super::horizon::{self, Interval};
use super::lines::{FLOW_TOLERANCE_MW, Lines, side_of};
use super::program::{Columns, Detail, Owner, program};
use super::request::Request;
use crate::market::rt_sced::model::equivalent::Answer;
use crate::market::rt_sced::model::losses::{Losses, is_proven, residual_mw};
use crate::market::rt_sced::model::price::Prices;
use crate::market::rt_sced::model::prices::{LineRow, prices};
use crate::market::rt_sced::model::system::{State, System};

/// A cleared interval.
pub struct Dispatch {
    pub generators_mw: Vec<f64>,
    /// Output the program gives each DER; inside an aggregator only its total is an instruction.
    pub ders_mw: Vec<f64>,
    pub dc_lines_mw: Vec<f64>,
    pub prices: Arc<Prices>,
    pub certificate: Certificate,
    pub binding: Vec<(usize, bool)>,
    /// Rows of exact curves that are tight.
    pub bids: Vec<Constraint>,
    /// What each network equivalent was asked for and answered.
    pub answers: Vec<Answer>,
    /// Output of every generator in the intervals looked ahead at, MW.
    pub plan_mw: Vec<Vec<f64>>,
    /// Flow that the program expects on every branch, in this interval and those looked ahead at, MW; where outages are
    /// held alone.
    pub expected_mw: Vec<Vec<f64>>,
    /// Losses about it, where they are asked for.
    pub losses: Option<Rc<Losses>>,
}

/// Distance from a limit, relative, at which a flow does not meet it, whatever else the row holds.
pub(super) const FAR: f64 = 1e-3;

/// Whether a row stands at one of its limits: as near as prices take for tight.
fn is_met(system: &System, row: &Constraint, value: f64) -> bool {
    let near = system.tolerance_mw(TIGHT);
    let at = |limit: f64| (value - limit).abs() <= near.max(TIGHT * limit.abs());
    at(row.lower) || at(row.upper)
}

/// A priced interval, and what its basis is of.
pub(super) struct Priced {
    pub(super) dispatch: Dispatch,
    /// The program in which it was cleared.
    pub(super) model: Model,
    pub(super) detail: Detail,
    /// The limits that it meets leave one price for everything.
    pub(super) only: bool,
}

/// A least-cost point with its prices.
pub(super) fn priced(
    system: &System,
    request: &Request,
    cleared: Cleared,
) -> Result<Priced, Failure> {
    let Cleared {
        model,
        x,
        lines,
        answers,
        ..
    } = &cleared;
    let Complete {
        model: priced,
        x: at,
        rows,
        ramps,
    } = &match cleared.jacks.others.is_empty() {
        true => opened(system, request, &cleared),
        false => on_triangles(system, &cleared),
    };
    let face = DualFace::new(priced, at)?;
    let losses = lines.losses.as_deref();
    let (aggregation, balance) = (request.aggregation, (cleared.balance, losses));
    let (prices, duals) = prices(system, aggregation, answers, &face, balance, (rows, ramps))?;
    let mut certificate = certify(request.name.clone(), priced, at, Some(&duals));
    let binding = rows
        .iter()
        .filter(|line| duals.rows[line.row.0] != 0.0)
        .filter_map(|line| Some((line.limit, line.upper?)));
    let overloads = system.overloads_mw(&cleared.flows).into_iter().enumerate();
    let worst = overloads
        .filter(|(k, _)| !lines.covered(*k))
        .fold(0.0, |worst: f64, (_, excess)| worst.max(excess));
    let later = cleared.later.iter();
    let worst = later.fold(worst, |worst, i| worst.max(i.worst_mw(system, x)));
    certificate.largest_violation = certificate.largest_violation.max(worst);
    certificate.certified &= worst <= system.tolerance_mw(FLOW_TOLERANCE_MW);
    for (equivalent, answer) in request.equivalents().iter().zip(answers) {
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
        .filter(|(_, row)| row.tag == Tag::Curve)
        .filter(|(i, row)| is_met(system, row, model.row_value(Row(*i), x)))
        .map(|(_, row)| row.clone())
        .collect();
    let outputs = cleared.outputs(system);
    if losses.is_some() {
        let state = State {
            loads: request.loads_mw.to_vec(),
            ..outputs.clone()
        };
        let residual = residual_mw(system, &state, &cleared.flows);
        certificate.largest_violation = certificate.largest_violation.max(residual);
        certificate.certified &= residual <= system.tolerance_mw(FLOW_TOLERANCE_MW);
        certificate.certified &= is_proven(system, &prices.lmp);
    }
    let plan = cleared.later.iter().map(|i| i.generators_mw(system, x));
    let expected_mw = system.security.iter().flat_map(|_| {
        let now = std::iter::once(cleared.flows.clone());
        now.chain(cleared.later.iter().map(|i| i.flows(x)))
    });
    let expected_mw = expected_mw.collect();
    let binding = binding.collect();
    Ok(Priced {
        only: face.is_point(),
        detail: cleared.detail,
        dispatch: Dispatch {
            binding,
            bids,
            generators_mw: outputs.generators,
            ders_mw: outputs.ders,
            dc_lines_mw: outputs.dc_lines,
            prices: Arc::new(prices),
            certificate,
            plan_mw: plan.collect(),
            expected_mw,
            losses: cleared.lines.losses.clone(),
            answers: cleared.answers,
        },
        model: cleared.model,
    })
}

/// A program whose optimal multipliers are all there are, and its optimal point.
pub(super) struct Complete {
    pub(super) model: Model,
    pub(super) x: Vec<f64>,
    pub(super) rows: Vec<LineRow>,
    /// (generator, ramp to the next interval).
    ramps: Vec<(usize, Row)>,
}

/// The program with every DER laid open, at the dispatch found.
pub(super) fn opened(system: &System, request: &Request, cleared: &Cleared) -> Complete {
    if cleared.detail == Detail::Open {
        let Cleared { x, later, .. } = cleared;
        let mut model = cleared.model.clone();
        let seen = (&cleared.lines, &cleared.columns);
        let at = (x.as_slice(), cleared.flows.as_slice());
        return Complete {
            rows: all_met(system, &mut model, at, seen, later),
            ramps: later.first().map_or(Vec::new(), |i| i.ramps.clone()),
            x: x.clone(),
            model,
        };
    }
    let (mut model, columns, _) = program(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let mut x = open_point(system, request, cleared, &model, &columns);
    let request = Request {
        ahead: &request.ahead[..cleared.later.len()],
        ..request.clone()
    };
    let later = horizon::append(system, &request, &mut model, &columns);
    x.extend(cleared.later.iter().flat_map(|i| i.part(&cleared.x)));
    let ramps = later.first().map_or(Vec::new(), |i| i.ramps.clone());
    let at = (x.as_slice(), cleared.flows.as_slice());
    let rows = all_met(system, &mut model, at, (&lines, &columns), &later);
    Complete {
        model,
        x,
        rows,
        ramps,
    }
}

/// Adds the limits that a point meets in any interval; those of the first.
fn all_met(
    system: &System,
    model: &mut Model,
    (x, flows): (&[f64], &[f64]),
    (lines, columns): (&Lines, &Columns),
    later: &[Interval],
) -> Vec<LineRow> {
    let limits = || 0..system.limits.len();
    let now = Sides {
        flows,
        tag: &side_of,
        row: &|k, upper| lines.row(columns, k, upper),
    };
    let rows = met(system, limits(), model, x, &now);
    for interval in later {
        let then = Sides {
            flows: &interval.flows(x),
            tag: &|k, upper| interval.tag(k, upper),
            row: &|k, upper| interval.row(k, upper),
        };
        met(system, limits(), model, x, &then);
    }
    rows
}

/// The program on the triangles found, with the limits met in place of those that were tried.
pub(super) fn on_triangles(system: &System, cleared: &Cleared) -> Complete {
    let mut model = cleared.model.clone();
    let (lines, columns) = (&cleared.lines, &cleared.columns);
    let limits = (0..system.limits.len()).filter(|&k| !lines.covered(k));
    let sides = Sides {
        flows: &cleared.flows,
        tag: &side_of,
        row: &|k, upper| lines.row(columns, k, upper),
    };
    let mut rows = met(system, limits, &mut model, &cleared.x, &sides);
    let definitions = cleared.jacks.others.iter();
    rows.extend(definitions.map(|&(row, k)| LineRow::definition(row, k)));
    Complete {
        model,
        x: cleared.x.clone(),
        rows,
        ramps: Vec::new(),
    }
}

/// The sides of limits in one interval.
struct Sides<'a> {
    /// Of every branch, MW.
    flows: &'a [f64],
    tag: &'a dyn Fn(usize, bool) -> Tag,
    row: &'a dyn Fn(usize, bool) -> Constraint,
}

/// Adds the limits that a point meets, in the order of the case, and returns all that are rows.
fn met(
    system: &System,
    limits: impl Iterator<Item = usize>,
    model: &mut Model,
    x: &[f64],
    sides: &Sides,
) -> Vec<LineRow> {
    let mut rows = Vec::new();
    for k in limits {
        let limit = &system.limits[k];
        let flow = system.flow_on(k, sides.flows);
        let ways = [(true, flow), (false, -flow)];
        for (upper, flow) in ways.into_iter().filter(|(upper, _)| limit.has(*upper)) {
            let tag = (sides.tag)(k, upper);
            let mut all = model.rows().iter();
            let place = all.position(|r| r.tag == tag);
            // What is far from its limit is no row that would be written to be looked at.
            if place.is_none() && flow < limit.max_p_mw - FAR * (1.0 + limit.max_p_mw) {
                continue;
            }
            let row = place.map_or_else(|| model.push((sides.row)(k, upper)), Row);
            let value = model.row_value(row, x);
            if place.is_some() || is_met(system, &model.rows()[row.0], value) {
                rows.push(LineRow::limit(row, k, upper));
            } else {
                model.truncate_rows(row.0);
            }
        }
    }
    rows
}

/// The dispatch as a point of the program with DERs laid open: blocks as they were dispatched,
/// those of an aggregator behind an exact curve as it dispatches them itself.
fn open_point(
    system: &System,
    request: &Request,
    cleared: &Cleared,
    model: &Model,
    columns: &Columns,
) -> Vec<f64> {
    let (mut of_generators, mut of_dc_lines) = (VecDeque::new(), VecDeque::new());
    let mut of_ders: Vec<VecDeque<f64>> = vec![VecDeque::new(); system.ders.len()];
    for (owner, &p) in cleared.columns.owner.iter().zip(&cleared.x) {
        match *owner {
            Owner::Generator(_) => of_generators.push_back(p),
            Owner::Der(d) => of_ders[d].push_back(p),
            Owner::DcLine { .. } => of_dc_lines.push_back(p),
            _ => {}
        }
    }
    let equivalents = request.equivalents().iter().zip(&cleared.answers);
    for (equivalent, answer) in equivalents {
        for (block, &p) in equivalent.blocks.iter().zip(&answer.blocks_mw) {
            of_ders[block.der].push_back(p);
        }
    }
    let aggregated = |d: usize| {
        let mut all = request.equivalents().iter();
        all.any(|e| Some(e.group) == system.group_of[d])
    };
    let owners = columns.owner.iter().zip(model.vars());
    owners
        .map(|(owner, column)| {
            let p = match *owner {
                Owner::Generator(_) => of_generators.pop_front(),
                // An equivalent leaves out blocks of no width.
                Owner::Der(d) if aggregated(d) && column.upper <= 0.0 => None,
                Owner::Der(d) => of_ders[d].pop_front(),
                Owner::DcLine { .. } => of_dc_lines.pop_front(),
                _ => None,
            };
            p.unwrap_or(column.lower)
        })
        .collect()
}
