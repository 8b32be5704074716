//! The linear network beside the cone, and both beside the AC power flow of what they dispatch.
//!
//! A dispatch takes from the TSO what changes the import of the feeder against the schedule. The linear
//! network leaves the losses out of that; the power flow says what is then missing, at the TSO's price.

use crate::market::Failure;
use crate::network::SweepFlow;

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

/// What is seen of a feeder: flow into the line above each bus outwards, MW and Mvar, and voltages.
struct State<'a> {
    p: &'a dyn Fn(usize) -> f64,
    q: &'a dyn Fn(usize) -> f64,
    v_pu: &'a [f64],
    loss_mw: f64,
}

fn period_of(system: &System, day: &Day, t: usize, period: &Period) -> Checked {
    let (hour, cleared, rates) = (&system.hours[t], &period.cleared, &day.rates[t]);
    let net_mw = cleared.net_mw();
    let traded =
        |tso_mw: f64| hour.tso_up * f64::max(tso_mw, 0.0) - hour.tso_down * f64::max(-tso_mw, 0.0);
    let own_mw = cleared.tso_up_mw - cleared.tso_down_mw;
    let at = |tso_mw: f64, state: State| {
        let more = traded(tso_mw) - traded(own_mw);
        let (over_mw, over_pu) = worst(system, state.p, state.q, state.v_pu);
        Seen {
            cost: rates.cost + more,
            payment: rates.payment + more,
            tso_mw,
            loss_mw: state.loss_mw,
            least_v_pu: state.v_pu.iter().copied().fold(f64::INFINITY, f64::min),
            over_mw,
            over_pu,
        }
    };
    let scheduled_mw = hour
        .cone
        .as_ref()
        .map_or(f64::NAN, |c| c.schedule.loss_p_mw);
    let (model, v_pu) = match &cleared.flow {
        Some(flow) => {
            let state = State {
                p: &|j| flow.p_mw[j],
                q: &|j| flow.q_mvar[j],
                v_pu: &flow.v_pu,
                loss_mw: flow.loss_mw - scheduled_mw,
            };
            (at(own_mw, state), flow.v_pu.clone())
        }
        None => {
            let flow = system.state(t, &net_mw);
            let v_pu: Vec<f64> = flow.w_pu2.iter().map(|w| w.max(0.0).sqrt()).collect();
            let state = State {
                p: &|j| flow.p_mw[j],
                q: &|j| flow.q_mvar[j],
                v_pu: &v_pu,
                loss_mw: 0.0,
            };
            (at(own_mw, state), v_pu)
        }
    };
    let none = Checked {
        model,
        ac: Seen {
            cost: f64::NAN,
            payment: f64::NAN,
            tso_mw: f64::NAN,
            loss_mw: f64::NAN,
            least_v_pu: f64::NAN,
            over_mw: f64::INFINITY,
            over_pu: f64::INFINITY,
        },
        voltage_difference_pu: f64::INFINITY,
    };
    let Some((ac, tso_mw)) = by_power_flow(hour, &net_mw) else {
        return none;
    };
    let both = ac.v_pu.iter().zip(&v_pu);
    let state = State {
        p: &|j| ac.lines[j].p_sent_mw,
        q: &|j| ac.lines[j].q_sent_mvar,
        v_pu: &ac.v_pu,
        loss_mw: ac.loss_p_mw - scheduled_mw,
    };
    Checked {
        ac: at(tso_mw, state),
        voltage_difference_pu: both.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max),
        ..none
    }
}

/// The AC power flow of net activations, and what it takes from the TSO, MW.
fn by_power_flow(hour: &Hour, net_mw: &[f64]) -> Option<(SweepFlow, f64)> {
    let cone = hour.cone.as_ref()?;
    let flow = cone
        .grid
        .sweep(&hour.load_mw, &hour.load_mvar, net_mw)
        .ok()?;
    let tso_mw = flow.import_p_mw - cone.schedule.import_p_mw;
    Some((flow, tso_mw))
}
