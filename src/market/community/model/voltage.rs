//! The co-simulation: what communities do about the voltage that they see, and where this settles.
//!
//! In every interval the feeder's AC power flow runs, every community sees the voltage v at its point of
//! connection, and its inverters answer by droop curves, all of them continuous in v:
//!
//! ```text
//! volt-var   κ = clamp(S · m · a(v), ±√(S² − P²)),  a = 1 up to v1, 0 from v2 to v3, −1 from v4 on
//! back-off   P ≤ S · f(v),  f = 1 up to h1, 0 from h2 on: first less discharging, then less PV
//!            ch ≤ R · c(v), c = 0 up to l0, 1 from l1 on
//! ```
//!
//! κ (injected +) and P = PV + dis − ch are those of the inverters with the apparent power S, R the power
//! of the battery. The answers move the voltages: the reaction iterates within the interval to a fixed
//! point v = F(v), F the power flow of the answers at v. More injected raises v, and the curves fall, so
//! that damped steps v + α (F(v) − v) settle. Not in the paper, which names volt-var as future work.

use super::network::Network;
use super::system::System;
use crate::market::community::params::{Droop, Reaction};

/// The fixed point is reached when no voltage moves by more than this, p.u.
const STILL_PU: f64 = 3e-12;

/// Steps after which an interval is given up, and those after which their size is looked at.
const STEPS: usize = 4000;
const CHECKED: usize = 12;

/// What one community does in an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Answer {
    /// Battery, charging +, kW.
    pub battery_kw: f64,
    /// PV not used, kW.
    pub curtailed_kw: f64,
    /// Injected by the inverters, kvar.
    pub kvar: f64,
}

/// From 1 at `from` to 0 at `to`, straight between; `from` below `to`.
fn falling(v: f64, from: f64, to: f64) -> f64 {
    ((to - v) / (to - from)).clamp(0.0, 1.0)
}

impl Droop {
    /// Share of the most reactive power that is injected at a voltage; below 0 where it is absorbed.
    pub fn reactive(&self, v: f64) -> f64 {
        falling(v, self.inject_full_pu, self.inject_none_pu) - 1.0
            + falling(v, self.absorb_none_pu, self.absorb_full_pu)
    }

    /// Share of the inverters' power that may be fed in.
    pub fn feed(&self, v: f64) -> f64 {
        falling(v, self.feed_full_pu, self.feed_none_pu)
    }

    /// Share of the battery's power that may be charged with.
    pub fn charge(&self, v: f64) -> f64 {
        1.0 - falling(v, self.charge_none_pu, self.charge_full_pu)
    }
}

/// The feeder with what communities do about its voltages.
pub struct Loop<'a> {
    pub network: &'a Network<'a>,
    pub reaction: Reaction,
    pub droop: Droop,
}

/// An interval at its fixed point.
pub struct Settled {
    pub answers: Vec<Answer>,
    pub settled: bool,
}

impl Loop<'_> {
    /// What a community does at a voltage, where its battery would have done `wanted_kw`.
    pub fn answer(&self, system: &System, j: usize, t: usize, v: f64, wanted_kw: f64) -> Answer {
        let member = &system.members[j];
        let pv_kw = member.pv_kw[t];
        let mut answer = Answer {
            battery_kw: wanted_kw,
            ..Answer::default()
        };
        if self.reaction.backs_off() {
            let power_kw = member.store.map_or(0.0, |s| s.power_kw);
            answer.battery_kw = wanted_kw
                .min(power_kw * self.droop.charge(v))
                .max(wanted_kw.min(0.0));
            let most = member.inverter_kva * self.droop.feed(v);
            let over = (pv_kw - answer.battery_kw - most).max(0.0);
            let less = over.min((-answer.battery_kw).max(0.0));
            answer.battery_kw += less;
            answer.curtailed_kw = (over - less).min(pv_kw.max(0.0));
        }
        if self.reaction.moves_reactive() {
            let kva = member.inverter_kva;
            let kw = pv_kw - answer.curtailed_kw - answer.battery_kw;
            let most = (kva * kva - kw * kw).max(0.0).sqrt();
            let asked = kva * self.droop.most_share * self.droop.reactive(v);
            answer.kvar = asked.clamp(-most, most);
        }
        answer
    }

    fn answers(&self, system: &System, t: usize, v: &[f64], wanted_kw: &[f64]) -> Vec<Answer> {
        let each = v.iter().zip(wanted_kw).enumerate();
        each.map(|(j, (v, kw))| self.answer(system, j, t, *v, *kw))
            .collect()
    }

    /// Voltages where communities do this beside what they take anyway.
    pub fn voltages(&self, t: usize, rest_kw: &[f64], answers: &[Answer]) -> Option<Vec<f64>> {
        let members = rest_kw.iter().zip(answers);
        let kw: Vec<f64> = members
            .map(|(kw, a)| kw + a.battery_kw + a.curtailed_kw)
            .collect();
        let kvar: Vec<f64> = answers.iter().map(|a| a.kvar).collect();
        let flow = self.network.power_flow(t, &kw, &kvar)?;
        Some(self.network.member_v_pu(&flow).collect())
    }

    /// The fixed point of an interval, with what communities take beside PV and battery less PV. Where there is none to be found nobody reacts.
    pub fn settle(&self, system: &System, t: usize, rest_kw: &[f64], wanted_kw: &[f64]) -> Settled {
        let idle = |kw: &f64| Answer {
            battery_kw: *kw,
            ..Answer::default()
        };
        let none: Vec<Answer> = wanted_kw.iter().map(idle).collect();
        self.fixed_point(system, t, (rest_kw, wanted_kw), &none)
            .map_or(
                Settled {
                    answers: none,
                    settled: false,
                },
                |answers| Settled {
                    answers,
                    settled: true,
                },
            )
    }

    fn fixed_point(
        &self,
        system: &System,
        t: usize,
        (rest_kw, wanted_kw): (&[f64], &[f64]),
        none: &[Answer],
    ) -> Option<Vec<Answer>> {
        let moved = |v: &[f64]| -> Option<(Vec<Answer>, Vec<f64>)> {
            let answers = self.answers(system, t, v, wanted_kw);
            let to = self.voltages(t, rest_kw, &answers)?;
            Some((answers, to.iter().zip(v).map(|(to, v)| to - v).collect()))
        };
        let largest = |off: &[f64]| off.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let mut v = self.voltages(t, rest_kw, none)?;
        let (mut answers, mut off) = moved(&v)?;
        let (mut share, mut mark) = (1.0_f64, largest(&off));
        for step in 1..=STEPS {
            if largest(&off) <= STILL_PU {
                return Some(answers);
            }
            let next: Vec<f64> = v.iter().zip(&off).map(|(v, off)| v + share * off).collect();
            match moved(&next) {
                Some((then, further)) => (v, answers, off) = (next, then, further),
                None => share *= 0.5,
            }
            // Too large a share swings; a small enough one takes off half of it in every step.
            if step % CHECKED == 0 {
                let now = largest(&off);
                if now > mark * (1.0 - 0.5 * share).powi(CHECKED as i32) {
                    share *= 0.5;
                }
                mark = now;
            }
        }
        None
    }
}
