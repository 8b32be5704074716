//! From a case and inputs to the outcome.

use crate::case::{Case, FeederLine};
use crate::market::Failure;
use crate::market::shared::coupling::Markets;
use crate::opt::lp_file as file;

use super::model::beside::Beside;
use super::model::clear::{Bids, Cleared, Lower};
use super::model::day::{Day, Period, own_of, strategic};
use super::model::forwarding::{Forwarded, forward, forward_by};
use super::model::kkt::Kkt;
use super::model::player::Player;
use super::model::profit_surface::{Plane, profit_surface};
use super::model::schemes::{Covered, Scheme, cover, tso_stage};
use super::model::second_market::Expected;
use super::model::storage::Storage;
use super::model::strategy::{self, Answer, room};
use super::model::system::{Hour, System};
use super::model::{handover, milp, safety};
use super::outcome::{Alone, FeederDay, Outcome, Point, SecondStage, Variant};
use super::params::{Behaviour, BspBidding, Method};

/// Limits and bids up to which the hour asked about is solved all three ways: plain branch and bound
/// takes long beyond.
const CHECKED_UP_TO: usize = 24;

/// Runs the market day under every behaviour.
///
/// # Errors
/// A sentence when a program cannot be solved.
pub fn solve(case: &Case, params: &BspBidding, markets: &Markets) -> Result<Outcome, Failure> {
    let (storage, system) = with_storage(case, params)?;
    let system = match params.on_cone() {
        true => system.on_cone()?,
        false => system,
    };
    let flat = system.linear();
    let at = |behaviour| storage.as_ref().map_or(&system, |s| s.system(behaviour));
    let players = strategic(&system, params);
    let own = system.owned(players.first().copied().unwrap_or(0));
    let asked = params.hour.clamp(1, system.hours.len()) - 1;
    let mut days: Vec<Day> = Vec::new();
    for behaviour in Behaviour::ALL {
        if behaviour != Behaviour::Own || !params.own.is_empty() {
            let system = at(behaviour);
            days.push(match &storage {
                Some(s) if behaviour == Behaviour::Truthful => {
                    Day::jointly(system, params, &s.joint)
                }
                _ => Day::new(system, params, behaviour, best_bids(&days))?,
            });
        }
    }
    let stages = second_stages(&system, params, &days)?;
    let alone = alone(&system, params)?;
    let periods = 0..system.hours.len();
    let strategic = best_bids(&days);
    let others = |t: usize| others(&system, &players, strategic, t);
    let beside = match params.on_cone() {
        true => Some(Beside::new(&system, params, &days)?),
        false => None,
    };
    let schemes = match &beside {
        None => schemes(at(Behaviour::Truthful), &days, &stages)?,
        Some(beside) => {
            let stages = second_stages(&flat, params, &beside.days)?;
            schemes(&flat, &beside.days, &stages)?
        }
    };
    let surfaces = periods.map(|t| {
        let plane = Plane::new(&flat, params, &others(t), &own, t)?;
        profit_surface(&plane, &days, t)
    });
    let surfaces = surfaces.collect();
    let known = strategic.and_then(|day| day.periods[asked].answer.as_ref());
    let known = known.filter(|_| beside.is_none());
    let methods = methods(&flat, params, (&others(asked), &own), asked, known);
    let bids = Bids::truthful(&system.hours[asked]);
    let common = (params.handover).then(|| handover::common(markets, &system, asked, &bids));
    let variants = days.into_iter().zip(stages).map(|(day, second_stage)| {
        let asks = params.handover && day.behaviour != Behaviour::TsoOnly;
        let left = &second_stage[asked].forwarded;
        let function = asks.then(|| function(&system, &day, left, asked, markets));
        variant(at(day.behaviour), day, function.flatten(), second_stage)
    });
    let mut variants: Vec<Variant> = variants.collect();
    let truthful = |v: &&mut Variant| v.day.behaviour == Behaviour::Truthful;
    let truthful = variants.iter_mut().find(truthful);
    if let (Some(truthful), Some(storage)) = (truthful, &storage) {
        let joint = storage.joint.certificate.clone();
        truthful.certificates.insert(0, joint);
    }
    Ok(Outcome {
        schemes,
        variants,
        players,
        asked,
        methods,
        alone,
        common: common.and_then(Result::ok),
        beside,
        surfaces,
        storage,
        system,
    })
}

/// The schedules of storage, if there is some, and the system that strategic owners see.
fn with_storage(case: &Case, params: &BspBidding) -> Result<(Option<Storage>, System), Failure> {
    let system = System::new(case)?;
    if system.storage.is_empty() {
        return Ok((None, system));
    }
    let storage = Storage::new(case, params, &system)?;
    let strategic = storage.system(Behaviour::Strategic).clone();
    Ok((Some(storage), strategic))
}

/// The day of the strategic owners' best bids.
fn best_bids(days: &[Day]) -> Option<&Day> {
    let mut days = days.iter();
    days.find(|day| day.behaviour == Behaviour::Strategic)
}

/// The bids that the first player answers: the others' in equilibrium where there are several
/// strategic owners, else at cost.
fn others(system: &System, players: &[usize], strategic: Option<&Day>, t: usize) -> Bids {
    match strategic.and_then(|day| day.periods.get(t)) {
        Some(period) if players.len() > 1 => period.bids.clone(),
        _ => Bids::truthful(&system.hours[t]),
    }
}

/// Every scheme in every period, after the day on which everyone bids at cost.
fn schemes(
    system: &System,
    days: &[Day],
    stages: &[Vec<SecondStage>],
) -> Result<Vec<Vec<Covered>>, Failure> {
    let mut days = days.iter().zip(stages);
    let truthful = days.find(|(day, _)| day.behaviour == Behaviour::Truthful);
    let (day, stages) = truthful.ok_or("no day at cost")?;
    let period = |(t, (period, stage)): (usize, (&Period, &SecondStage))| {
        let first = (&period.cleared, &stage.forwarded);
        let by = |scheme: Scheme| cover(system, t, scheme, first);
        Scheme::ALL.into_iter().map(by).collect()
    };
    let periods = day.periods.iter().zip(stages).enumerate();
    periods.map(period).collect()
}

/// The best bids of a period by each method, by branching alone where the program is large; `known` are
/// those by the method of the day.
fn methods(
    system: &System,
    params: &BspBidding,
    (others, own): (&Bids, &[bool]),
    t: usize,
    known: Option<&Answer>,
) -> Vec<(Method, Answer)> {
    let hour = &system.hours[t];
    let few = hour.limits.len() + 2 * system.resources.len() <= CHECKED_UP_TO;
    let all = [Method::Branching, Method::Milp, Method::Enumeration];
    // Candidate prices know no amounts.
    let stored = (hour.first_storage()..own.len()).any(|k| own[k]);
    let tried = all.into_iter().take(match (few, stored) {
        (false, _) => 1,
        (true, stored) => 3 - usize::from(stored),
    });
    let found = |method| {
        let known = known.filter(|_| method == params.method).cloned();
        let answer = match known {
            Some(answer) => answer,
            None => strategy::answer(hour, others, own, params, method).ok()?,
        };
        Some((method, answer))
    };
    tried.filter_map(found).collect()
}

/// The day of bids for the DSO's market alone, where the strategic owner looks at both.
fn alone(system: &System, params: &BspBidding) -> Result<Option<Alone>, Failure> {
    if params.tso_market.is_none() {
        return Ok(None);
    }
    let one = BspBidding {
        tso_market: None,
        ..params.clone()
    };
    let (day, own) = (
        Day::new(system, &one, Behaviour::Strategic, None)?,
        own_of(system, params),
    );
    let after = |(hour, period): (&Hour, &Period)| {
        let expected = Expected::new(hour, params, &own);
        expected.map_or(Ok(0.0), |expected| expected.after(hour, &period.cleared))
    };
    let expected: Result<Vec<f64>, Failure> =
        system.hours.iter().zip(&day.periods).map(after).collect();
    Ok(Some(Alone {
        expected: expected?,
        day,
    }))
}

/// The best bids of every period by each method.
pub fn every_period(params: &BspBidding, outcome: &Outcome) -> Vec<Vec<(Method, Answer)>> {
    let system = &outcome.system.linear();
    let strategic = outcome.variant(Behaviour::Strategic).map(|v| &v.day);
    let own = system.owned(outcome.player());
    let of = |t: usize| {
        let others = others(system, &outcome.players, strategic, t);
        let known = strategic.and_then(|day| day.periods[t].answer.as_ref());
        let known = known.filter(|_| outcome.beside.is_none());
        methods(system, params, (&others, &own), t, known)
    };
    (0..system.hours.len()).map(of).collect()
}

/// The second stage of every day and period.
fn second_stages(
    system: &System,
    params: &BspBidding,
    days: &[Day],
) -> Result<Vec<Vec<SecondStage>>, Failure> {
    let mut stages: Vec<Vec<SecondStage>> = days.iter().map(|_| Vec::new()).collect();
    let own = own_of(system, params);
    for (t, hour) in system.hours.iter().enumerate() {
        let expected = Expected::new(hour, params, &own);
        let truthful = expected.as_ref().map(|_| Bids::truthful(hour));
        let periods: Vec<_> = days.iter().map(|day| &day.periods[t]).collect();
        let nets: Vec<Vec<f64>> = periods.iter().map(|p| p.cleared.net_mw()).collect();
        let forwarded: Result<Vec<Forwarded>, Failure> = periods
            .iter()
            .map(|p| match &expected {
                Some(expected) => forward_by(hour, &p.cleared, &expected.worth),
                None => forward(hour, &p.cleared, &p.bids, params.weight),
            })
            .collect();
        let forwarded = forwarded?;
        let boxes: Vec<_> = nets.iter().map(Vec::as_slice).zip(&forwarded).collect();
        let safety = safety::check(system, t, &boxes, params.samples as usize);
        let all = forwarded.into_iter().zip(safety).zip(&periods);
        for (((forwarded, safety), period), list) in all.zip(&mut stages) {
            let left = (forwarded.up_mw.as_slice(), forwarded.down_mw.as_slice());
            // Who looks at the TSO's market offers there at cost.
            let bids = truthful.as_ref().unwrap_or(&period.bids);
            let (_, tso) = tso_stage(hour, bids, left);
            list.push(SecondStage {
                expected: expected.as_ref().map_or(0.0, |e| e.earned(&forwarded)),
                forwarded,
                safety,
                tso,
            });
        }
    }
    Ok(stages)
}

/// What is left after stage one as a function of the export.
fn function(
    system: &System,
    day: &Day,
    left: &Forwarded,
    t: usize,
    markets: &Markets,
) -> Option<handover::Function> {
    let period = &day.periods[t];
    let left = (left.left_up_mw.as_slice(), left.left_down_mw.as_slice());
    let net_mw = period.cleared.net_mw();
    handover::function(markets, system, t, &net_mw, left, &period.bids).ok()
}

fn variant(
    system: &System,
    day: Day,
    function: Option<handover::Function>,
    second_stage: Vec<SecondStage>,
) -> Variant {
    let periods = system.hours.iter().zip(&day.periods).enumerate();
    let market = periods.filter(|_| day.behaviour != Behaviour::TsoOnly);
    let certificates = market.map(|(t, (hour, p))| {
        let name = format!("market of the DSO, period {}", t + 1);
        match &p.cleared.flow {
            None => Lower::new(hour, &p.bids).certify(name, &p.cleared),
            Some(flow) => flow.certified(name),
        }
    });
    Variant {
        certificates: certificates.collect(),
        feeder: feeder_day(system, &day),
        second_stage,
        function,
        day,
    }
}

/// Prices, voltages and flows of every bus and line.
fn feeder_day(system: &System, day: &Day) -> FeederDay {
    feeder_of(system, day.periods.iter().map(|p| &p.cleared).enumerate())
}

/// The same of markets by period, from 0.
fn feeder_of<'a>(
    system: &System,
    periods: impl Iterator<Item = (usize, &'a Cleared)>,
) -> FeederDay {
    let (feeder, tree) = (&system.feeder, &system.tree);
    let none = vec![Vec::new(); feeder.buses.len()];
    let mut found = FeederDay {
        price: none.clone(),
        v_pu: none.clone(),
        flow_mw: none.clone(),
        loading: none,
        export_mw: Vec::new(),
    };
    for (t, cleared) in periods {
        let state = match &cleared.flow {
            Some(flow) => flow.state(),
            None => system.state(t, &cleared.net_mw()),
        };
        found.export_mw.push(-state.p_mw[tree.root]);
        for (j, above) in tree.above.iter().enumerate() {
            let rows = system.hours[t].limits.iter().zip(&cleared.mu);
            let rows = rows.filter(|(_, mu)| **mu != 0.0);
            let rent = rows.map(|(l, mu)| l.effect(tree, j) * mu).sum::<f64>();
            let flow = cleared.flow.as_ref();
            found.price[j].push(flow.map_or(cleared.lambda - rent, |flow| flow.price[j]));
            found.v_pu[j].push(state.w_pu2[j].max(0.0).sqrt());
            if let Some(above) = above {
                let line = &feeder.lines[above.line];
                let flow_mw = above.sign * state.p_mw[j];
                found.flow_mw[j].push(flow_mw);
                found.loading[j].extend(loading(line, flow_mw, state.q_mvar[j]));
            }
        }
    }
    found
}

/// Flow as a share of the limit in its direction; `None` for a line without one.
fn loading(line: &FeederLine, p_mw: f64, q_mvar: f64) -> Option<f64> {
    line.max_p_mw.or(line.min_p_mw).or(line.max_s_mva)?;
    let most = match p_mw >= 0.0 {
        true => line.max_p_mw,
        false => line.min_p_mw.map(f64::abs),
    };
    let share = |size: f64, most: Option<f64>| most.filter(|m| *m > 0.0).map_or(0.0, |m| size / m);
    let apparent = libm::hypot(p_mw, q_mvar);
    Some(share(p_mw.abs(), most).max(share(apparent, line.max_s_mva)))
}

/// What the first strategic owner earns with two bids in period `t`, from 0.
///
/// # Errors
/// An owner without a resource.
pub fn point(
    params: &BspBidding,
    outcome: &Outcome,
    t: usize,
    (x, y): (f64, f64),
) -> Result<Point, Failure> {
    let system = &outcome.system;
    let own = system.owned(outcome.player());
    let strategic = outcome.variant(Behaviour::Strategic).map(|v| &v.day);
    let others = others(system, &outcome.players, strategic, t);
    let plane = Plane::new(system, params, &others, &own, t).ok_or("the owner has no resource")?;
    let best = strategic.and_then(|day| day.periods[t].best());
    let (best, bound) = best.unwrap_or((f64::NAN, f64::NAN));
    let hours = system.hours_per_period;
    let cleared = plane.cleared(x, y);
    Ok(Point {
        met: plane.met(x, y),
        market: cleared.map(|cleared| {
            let feeder = feeder_of(system, std::iter::once((t, &cleared)));
            (cleared, feeder)
        }),
        period: t,
        pair: plane.pair,
        up: plane.up,
        bids: (x, y),
        profit_usd: plane.profit(x, y),
        at_cost_usd: plane.profit_at_cost(),
        best_usd: best * hours,
        bound_usd: bound * hours,
    })
}

/// The mixed-integer program of period `step` (from 1) as an LP file.
///
/// # Errors
/// A period that does not exist.
pub fn lp_file(case: &Case, params: &BspBidding, step: usize) -> Result<String, Failure> {
    if params.on_cone() {
        return Err("the best bids on the cone are no mixed-integer program: choose `linear` for `network` to have that of the linear network".into());
    }
    let (_, system) = with_storage(case, params)?;
    let hour = step.checked_sub(1).and_then(|t| system.hours.get(t));
    let periods = system.hours.len();
    let hour = hour.ok_or_else(|| format!("there is no hour {step}; the market has {periods}"))?;
    let player = strategic(&system, params).first().copied().unwrap_or(0);
    let own = system.owned(player);
    let expected = Expected::new(hour, params, &own);
    let costed = expected.as_ref().map(|expected| expected.costed(hour));
    let hour = costed.as_ref().unwrap_or(hour);
    let kkt = Kkt::new(&Player {
        hour,
        bids: &Bids::truthful(hour),
        own: &own,
        room: &room(hour, params),
        pay_as_bid: params.pay_as_bid(),
        expected: expected.as_ref(),
    });
    Ok(file::write(&milp::program(&kkt)))
}
