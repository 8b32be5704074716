//! What a DSO gains by reporting other wishes than it has, at one slot, over the rest of the day as
//! expected there. The plan of the day before stays; all others report what is true. The past is
//! known, so that wanted power can be misreported from the slot on only. Energy that adjustable loads
//! miss against the truth is told beside the gain, not priced in it.
//!
//! Eq. `[wang2017]`(1.9), not in the paper.

use crate::case::Case;
use crate::market::shared::cooperative_game::Game;

use super::super::params::{Misreport, Wish};
use super::coalitions::Moment;
use super::dso::{missed_mwh, utility_usd};
use super::operation::Failure;
use super::settle::bargain;
use super::system::System;

/// Parts of the largest change that are tried.
const PARTS: [f64; 5] = [-1.0, -0.5, 0.0, 0.5, 1.0];

/// True gain of a DSO that reports `percent` more than is true, against its true day on its own, $.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported {
    pub percent: f64,
    /// At the price of its boundary.
    pub lmp_usd: f64,
    pub nash_usd: f64,
    pub shapley_usd: f64,
    /// Vickrey, Clarke, Groves: it pays what it costs the others.
    pub vcg_usd: f64,
    /// What the rules of Vickrey, Clarke and Groves pay out beyond the surplus, $.
    pub vcg_deficit_usd: f64,
    /// Energy by which its adjustable loads miss their true day, MWh.
    pub missed_mwh: f64,
    /// Surplus as it would appear from the reports.
    pub reported_surplus_usd: f64,
}

/// The case as DSO `misreport.dso` reports it at `slot`, from 0.
pub fn reported(case: &Case, misreport: &Misreport, percent: f64, slot: usize) -> Case {
    let mut case = case.clone();
    let factor = 1.0 + percent / 100.0;
    let own: Vec<String> = case
        .feeders
        .iter()
        .filter(|f| f.id == misreport.dso)
        .flat_map(|f| f.buses.iter().map(|b| b.id.clone()))
        .collect();
    let Some(day) = &mut case.day else {
        return case;
    };
    let mine = |bus: &String| own.contains(bus);
    let adjustable = day.adjustable.iter_mut().filter(|a| mine(&a.bus));
    let deferrable = day.deferrable.iter_mut().filter(|d| mine(&d.bus));
    match misreport.of {
        Wish::Worth => {
            adjustable.for_each(|a| a.usd_per_mw2h *= factor);
            deferrable.for_each(|d| d.usd_per_mwh2 *= factor);
        }
        Wish::Preferred => {
            let mut changed = Vec::new();
            for load in adjustable {
                let Some(profile) = day.profiles.iter().find(|p| p.id == load.profile) else {
                    continue;
                };
                let mut profile = profile.clone();
                profile.id = format!("{} as {} reports", profile.id, load.id);
                for values in [&mut profile.forecast_mw, &mut profile.realised_mw] {
                    values.iter_mut().skip(slot).for_each(|p| *p *= factor);
                }
                load.profile.clone_from(&profile.id);
                changed.push(profile);
            }
            deferrable.for_each(|d| d.energy_mwh *= factor);
            day.profiles.extend(changed);
        }
    }
    case
}

/// True gains under the rules, by report.
///
/// # Errors
/// A program that is not solved.
pub fn gains(
    case: &Case,
    misreport: &Misreport,
    truth: Moment,
    powers: &[f64],
) -> Result<Vec<Reported>, Failure> {
    let dsos = &truth.system.dsos;
    let m = dsos
        .iter()
        .position(|d| d.id == misreport.dso)
        .ok_or_else(|| format!("there is no DSO \"{}\"", misreport.dso))?;
    let fallback: Result<Vec<f64>, Failure> =
        (0..dsos.len()).map(|m| truth.fallback_usd(m)).collect();
    let fallback = fallback?;
    // Without the DSO its report does not matter.
    let mut without = vec![None; 1 << dsos.len()];
    PARTS
        .iter()
        .map(|part| {
            let percent = part * misreport.percent;
            let system = System::new(&reported(case, misreport, percent, truth.slot))?;
            let seen = Moment {
                system: &system,
                ..truth
            };
            one(&seen, &truth, m, percent, powers, &fallback, &mut without)
        })
        .collect()
}

fn one(
    seen: &Moment,
    truth: &Moment,
    m: usize,
    percent: f64,
    powers: &[f64],
    fallback: &[f64],
    without: &mut [Option<f64>],
) -> Result<Reported, Failure> {
    let count = fallback.len();
    let mut reported = fallback.to_vec();
    reported[m] = seen.fallback_usd(m)?;
    let members = |set: usize| -> Vec<bool> { (0..count).map(|k| set & (1 << k) != 0).collect() };
    let mut values = Vec::with_capacity(1 << count);
    for (set, known) in without.iter_mut().enumerate() {
        let value = match known {
            Some(value) => *value,
            None => {
                let value = seen.value_usd(&members(set), &reported)?;
                if set & (1 << m) == 0 {
                    *known = Some(value);
                }
                value
            }
        };
        values.push(value);
    }
    let game = Game::with_veto(&values)?;
    let common = seen.dispatch(&vec![true; count])?;
    let plan = &common.dsos[m];
    let now = Some(seen.slot);
    let past = &truth.past[m];
    let missed = missed_mwh(truth.system, m, past, plan, now);
    let truly = utility_usd(truth.system, m, past, plan, seen.slot, now)
        + truth.system.shortage_usd_per_mwh * missed;
    let gain = truly - fallback[m];
    let claimed = plan.utility_usd - reported[m];
    // What it pays is what it claims to gain less its share.
    let paid = |share: f64| claimed - share;
    let utilities: Vec<f64> = common
        .dsos
        .iter()
        .zip(&reported)
        .map(|(own, alone)| own.utility_usd - alone)
        .collect();
    let cost = seen.cost_usd(&common) - seen.planned_cost_usd();
    let nash = bargain(&utilities, cost, powers).payments_usd[m];
    let bus = seen.system.dsos[m].bus;
    let hours = seen.system.hours;
    let planned = &seen.plan.import_mw[m][seen.slot..];
    let lmp = plan.import_mw.iter().zip(planned).zip(&common.lmp);
    let lmp: f64 = lmp.map(|((d, p), lmp)| lmp[bus] * (d - p) * hours).sum();
    let marginal = game.marginal();
    Ok(Reported {
        percent,
        lmp_usd: gain - lmp,
        nash_usd: gain - nash,
        shapley_usd: gain - paid(game.shapley()[m + 1]),
        vcg_usd: gain - paid(marginal[m + 1]),
        vcg_deficit_usd: marginal.iter().sum::<f64>() - game.grand(),
        missed_mwh: missed,
        reported_surplus_usd: game.grand(),
    })
}
