//! Intervals answered by bases that are known.
//!
//! The program with every DER laid open, and of the limits those that some interval has met, is one linear program
//! whose data move from interval to interval: loads, measured flows, ranges that ramps leave, factors. An atlas of its
//! bases ([`Known`](crate::market::rt_sced::model::known::Known)) answers it. The answer is that of the interval where no
//! other limit is exceeded and where it is the only optimal point, so that it does not matter which path led to it;
//! anything else is left to the full path: ties, Union Jack bids, bids that rise along their blocks, intervals without a
//! dispatch.

use crate::opt::parametric::Ray;
use crate::opt::{Constraint, Model};

use super::bids::OnJacks;
use super::clearing::{Cleared, NoDispatch, anew};
use super::horizon::{self, Interval};
use super::lines::Lines;
use super::lossy::settled;
use super::program::{Columns, Detail, Owner, program};
use super::rays::learn_ray;
use super::request::Request;
use crate::market::rt_sced::model::equivalent::{Answer, Equivalent};
use crate::market::rt_sced::model::known::Met;
use crate::market::rt_sced::model::system::{State, System};

/// What bases say of an interval.
pub(super) enum Known<'a> {
    Cleared(Box<Cleared<'a>>),
    /// There is none: a contradiction shows it, the first of those kept.
    Contradicted,
    Nothing,
}

/// The least-cost point: by a basis that is known, else [`anew`].
pub(super) fn clear<'a>(
    system: &'a System,
    request: &Request<'a>,
) -> Result<Cleared<'a>, NoDispatch> {
    if system.rho_per_mw.is_some() {
        return settled(system, request);
    }
    match by_bases(system, request) {
        Known::Cleared(cleared) => Ok(*cleared),
        Known::Contradicted | Known::Nothing => anew(system, request),
    }
}

/// The schedule of one interval alone: what every generator and DER is to produce.
///
/// # Errors
/// As `dispatch` of the folder.
pub fn schedule(system: &System, request: &Request) -> Result<State, NoDispatch> {
    let cleared = clear(system, request)?;
    Ok(State {
        loads: request.loads_mw.to_vec(),
        ..cleared.outputs(system)
    })
}

/// The least-cost point of an interval, where a basis proves that it is the only one.
pub(super) fn by_bases<'a>(system: &'a System, request: &Request<'a>) -> Known<'a> {
    found(system, request).unwrap_or(Known::Nothing)
}

fn found<'a>(system: &'a System, request: &Request<'a>) -> Option<Known<'a>> {
    if request.equivalents().iter().any(|e| e.jack.is_some()) {
        return None;
    }
    let known = &mut *system.known.try_borrow_mut().ok()?;
    let (mut model, columns, balance) = program(system, request, Detail::Open);
    // Where bids rise along their blocks the program is not linear.
    if !model.quadratic_terms().is_empty() {
        return None;
    }
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let later = horizon::append(system, request, &mut model, &columns);
    let row = |met: &Met| row(met, (&lines, &columns), &later);
    for met in &known.met {
        model.push(row(met)?);
    }
    let nearest = known.standing.nearest.take();
    let mut near = nearest.map(|place| known.standing.bases[place].ready.basis().clone());
    let (x, flows) = loop {
        let x = match known.atlas.only(&model, near.as_ref())? {
            Ok(solution) => solution.x,
            Err(contradiction) => {
                let ray = Ray::new(&model, contradiction)?;
                learn_ray(system, request, known, ray);
                return Some(Known::Contradicted);
            }
        };
        let flows = lines.expected_flows(&columns, &x);
        let mut here = lines.over(&flows);
        here.retain(|&(limit, upper)| {
            !known.met.contains(&Met {
                interval: 0,
                limit,
                upper,
            })
        });
        lines.keep_worst(&mut here, &flows);
        let here = here.into_iter().map(|side| (0, side));
        let later = later.iter().enumerate();
        let later = later.flat_map(|(n, i)| i.over(&x).into_iter().map(move |side| (n + 1, side)));
        let over = here.chain(later).map(|(interval, (limit, upper))| Met {
            interval,
            limit,
            upper,
        });
        let before = known.met.len();
        for met in over {
            if !known.met.contains(&met) {
                model.push(row(&met)?);
                known.met.push(met);
            }
        }
        if known.met.len() == before {
            break (x, flows);
        }
        near = known.atlas.last().cloned();
    };
    let answers = request.equivalents().iter();
    let answers = answers.map(|e| answer(system, e, (&model, &columns), &x, &flows));
    Some(Known::Cleared(Box::new(Cleared {
        answers: answers.collect(),
        flows,
        detail: Detail::Open,
        model,
        x,
        balance,
        jacks: OnJacks::default(),
        columns,
        lines,
        later,
    })))
}

/// The row of a side of a limit.
fn row(met: &Met, (lines, columns): (&Lines, &Columns), later: &[Interval]) -> Option<Constraint> {
    match met.interval.checked_sub(1) {
        None => Some(lines.row(columns, met.limit, met.upper)),
        Some(n) => Some(later.get(n)?.row(met.limit, met.upper)),
    }
}

/// The program of one interval with the limits met so far, for other solvers.
#[cfg(feature = "internals")]
pub fn written(system: &System, request: &Request) -> Option<Model> {
    let known = system.known.try_borrow().ok()?;
    let (mut model, columns, _) = program(system, request, Detail::Open);
    let lines = Lines::new(system, request, &columns, Detail::Open);
    let later = horizon::append(system, request, &mut model, &columns);
    for met in &known.met {
        model.push(row(met, (&lines, &columns), &later)?);
    }
    Some(model)
}

/// What an equivalent was asked for, and answers: its blocks are dispatched with all others.
fn answer(
    system: &System,
    equivalent: &Equivalent,
    (model, columns): (&Model, &Columns),
    x: &[f64],
    flows: &[f64],
) -> Answer {
    let owned = columns.owner.iter().zip(&columns.var);
    let blocks = |d: usize| {
        let mine = owned
            .clone()
            .filter(move |(owner, _)| matches!(owner, Owner::Der(e) if *e == d));
        // An equivalent leaves out blocks of no width.
        mine.map(|(_, v)| v.0)
            .filter(|&j| model.vars()[j].upper > 0.0)
    };
    let members = &system.groups[equivalent.group].members;
    let columns: Vec<usize> = members.iter().flat_map(|&d| blocks(d)).collect();
    let cost_usd_per_h = columns.iter().map(|&j| model.vars()[j].cost * x[j]).sum();
    let blocks_mw: Vec<f64> = columns.iter().map(|&j| x[j]).collect();
    let mut ders = vec![0.0; system.ders.len()];
    equivalent.write(&blocks_mw, &mut ders);
    let sent = equivalent.sent_mw(system, &ders);
    let on = equivalent
        .lines
        .iter()
        .map(|&k| flows[system.limits[k].branch]);
    Answer {
        p_a_mw: blocks_mw.iter().sum(),
        other_mw: on.zip(sent).map(|(flow, sent)| flow - sent).collect(),
        bid_usd_per_h: cost_usd_per_h,
        cost_usd_per_h,
        blocks_mw,
    }
}
