//! The linear network beside the cone, and both beside the AC power flow of what they dispatch.
//!
//! A dispatch takes from the TSO what changes the import of the feeder against the schedule. The linear
//! network leaves the losses out of that; the power flow says what is then missing, at the TSO's price.

use crate::market::Failure;
use crate::network::LineFlow;

use super::super::params::{Behaviour, BspBidding};
use super::day::{Day, Period};
use super::safety::worst;
use super::system::{Hour, System};

/// A dispatch as one model of the network sees it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// $ per hour.
    pub cost: f64,
    pub payment: f64,
    /// From the TSO less to it.
    pub tso_mw: f64,
    /// Losses less those of the schedule.
    pub loss_mw: f64,
    pub least_v_pu: f64,
    /// The worst line at its sending end, and the worst voltage.
    pub over_mw: f64,
    pub over_pu: f64,
}

/// A dispatch as its market sees it and by AC power flow; NaN where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    pub model: Seen,
    pub ac: Seen,
    pub voltage_difference_pu: f64,
}

/// The days on the linear network, and every day of both checked, in the order of the variants.
pub struct Beside {
    pub days: Vec<Day>,
    pub linear: Vec<Vec<Checked>>,
    pub cone: Vec<Vec<Checked>>,
}

impl Beside {
    /// Of days on the cones of `system`.
    ///
    /// # Errors
    /// A sentence when a program of the linear network fails.
    pub fn new(system: &System, params: &BspBidding, cone: &[Day]) -> Result<Beside, Failure> {
        let flat = system.linear();
        let mut days: Vec<Day> = Vec::new();
        for day in cone {
            let strategic = |day: &&Day| day.behaviour == Behaviour::Strategic;
            let known = days.iter().find(strategic);
            days.push(Day::new(&flat, params, day.behaviour, known)?);
        }
        let all = |days: &[Day]| days.iter().map(|day| checked(system, day)).collect();
        Ok(Beside {
            linear: all(&days),
            cone: all(cone),
            days,
        })
    }
}

fn checked(system: &System, day: &Day) -> Vec<Checked> {
    let periods = day.periods.iter().enumerate();
    periods
        .map(|(t, period)| period_of(system, day, t, period))
        .collect()
}

/// Flow into the line above each bus outwards, MW and Mvar, voltages, and the change of losses.
type State = (Vec<f64>, Vec<f64>, Vec<f64>, f64);

fn period_of(system: &System, day: &Day, t: usize, period: &Period) -> Checked {
    let (hour, cleared, rates) = (&system.hours[t], &period.cleared, &day.rates[t]);
    let net_mw = cleared.net_mw();
    let traded =
        |tso_mw: f64| hour.tso_up * f64::max(tso_mw, 0.0) - hour.tso_down * f64::max(-tso_mw, 0.0);
    let own_mw = cleared.tso_up_mw - cleared.tso_down_mw;
    let seen = |tso_mw: f64, (p, q, v_pu, loss_mw): &State| {
        let more = traded(tso_mw) - traded(own_mw);
        let (over_mw, over_pu) = match tso_mw.is_nan() {
            true => (f64::INFINITY, f64::INFINITY),
            false => worst(system, p, q, v_pu),
        };
        Seen {
            cost: rates.cost + more,
            payment: rates.payment + more,
            tso_mw,
            loss_mw: *loss_mw,
            least_v_pu: v_pu.iter().copied().fold(f64::INFINITY, f64::min),
            over_mw,
            over_pu,
        }
    };
    let scheduled_mw = hour
        .cone
        .as_ref()
        .map_or(f64::NAN, |c| c.schedule.loss_p_mw);
    let model: State = match &cleared.flow {
        Some(flow) => (
            flow.p_mw.clone(),
            flow.q_mvar.clone(),
            flow.v_pu.clone(),
            flow.loss_mw - scheduled_mw,
        ),
        None => {
            let flow = system.state(t, &net_mw);
            let v_pu = flow.w_pu2.iter().map(|w| w.max(0.0).sqrt()).collect();
            (flow.p_mw, flow.q_mvar, v_pu, 0.0)
        }
    };
    let (ac, tso_mw) = by_power_flow(hour, &net_mw).unwrap_or_else(|| {
        let none = vec![f64::NAN; model.0.len()];
        ((none.clone(), none.clone(), none, f64::NAN), f64::NAN)
    });
    let both = ac.2.iter().zip(&model.2);
    Checked {
        voltage_difference_pu: both.map(|(a, b)| (a - b).abs()).fold(0.0, larger),
        model: seen(own_mw, &model),
        ac: seen(tso_mw, &ac),
    }
}

/// The AC power flow of net activations, and what it takes from the TSO, MW.
fn by_power_flow(hour: &Hour, net_mw: &[f64]) -> Option<(State, f64)> {
    let cone = hour.cone.as_ref()?;
    let flow = cone
        .grid
        .sweep(&hour.load_mw, &hour.load_mvar, net_mw)
        .ok()?;
    let sent = |part: fn(&LineFlow) -> f64| -> Vec<f64> { flow.lines.iter().map(part).collect() };
    let (p, q) = (sent(|l| l.p_sent_mw), sent(|l| l.q_sent_mvar));
    let loss_mw = flow.loss_p_mw - cone.schedule.loss_p_mw;
    let tso_mw = flow.import_p_mw - cone.schedule.import_p_mw;
    Some(((p, q, flow.v_pu, loss_mw), tso_mw))
}

/// The larger of two; NaN stays.
fn larger(a: f64, b: f64) -> f64 {
    if b.is_nan() || b > a { b } else { a }
}
